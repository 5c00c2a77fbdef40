from django.urls import path

from chezhe.compliance import views

app_name = "compliance"
urlpatterns = [
    path("parameters/", views.parameters, name="parameters"),
    path("parameters/<str:code>/", views.parameter, name="parameter"),
    path("changes/", views.changes, name="changes"),
    path("changes/<str:number>/", views.parameter_change, name="parameter_change"),
    path("changes/<str:number>/decide/", views.decide_parameter, name="decide_parameter"),
    path("lender/", views.lender, name="lender"),
    path("lender/changes/<str:number>/", views.lender_change, name="lender_change"),
    path("lender/changes/<str:number>/decide/", views.decide_lender, name="decide_lender"),
    path("caps/", views.caps, name="caps"),
    path("register/", views.register, name="register"),
    path("calendar/", views.calendar_now, name="calendar_now"),
    path("calendar/<int:year>/", views.calendar_year, name="calendar_year"),
    path("calendar/<int:year>/day/", views.set_day, name="set_day"),
    path("calendar/<int:year>/confirm/", views.confirm_year, name="confirm_year"),
    path("consents/", views.consents, name="consents"),
    path("consents/withdraw/", views.withdraw_consent, name="withdraw_consent"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/panel/", views.contact_panel, name="contact_panel"),
    path("contacts/block/", views.block, name="block"),
    path("contacts/lift/", views.lift_block, name="lift_block"),
    path("contacts/<str:number>/outcome/", views.contact_outcome, name="contact_outcome"),
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/of/", views.complaints_of, name="complaints_of"),
    path("complaints/<str:number>/", views.complaint, name="complaint"),
    path("complaints/<str:number>/answer/", views.answer, name="answer_complaint"),
    path("complaints/<str:number>/close/", views.close, name="close_complaint"),
    path("ratings/", views.ratings, name="ratings"),
]
