from django.urls import path

from chezhe.portal.views import d_cases, d_money

urlpatterns = [
    path("new/", d_cases.new, name="d_new"),
    path("cases/<str:handle>/", d_cases.case, name="d_case"),
    path("cases/<str:handle>/papers/", d_cases.upload, name="d_upload"),
    path("cases/<str:handle>/wanted/<int:wanted_id>/", d_cases.answer, name="d_answer"),
    path("cases/<str:handle>/submit/", d_cases.submit, name="d_submit"),
    path("payouts/", d_money.payouts, name="d_payouts"),
    path("commission/", d_money.commission, name="d_commission"),
]
