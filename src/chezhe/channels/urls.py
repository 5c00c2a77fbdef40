from django.urls import path

from chezhe.channels.views import commission, people
from chezhe.channels.views import dealers as views

app_name = "channels"
urlpatterns = [
    path("", views.dealers, name="dealers"),
    path("new/", views.create, name="create"),
    path("panel/profile/", views.profile, name="profile"),
    path("panel/people/", people.people, name="people"),
    path("panel/commission/", commission.plans_of, name="commission_of"),
    path("commission-plans/", commission.plans, name="commission_plans"),
    path("commission-plans/<str:number>/", commission.plan, name="commission_plan"),
    path("commission-plans/<str:number>/decide/", commission.decide, name="commission_decide"),
    path("commission-plans/<str:number>/end/", commission.end, name="commission_end"),
    path("<str:number>/commission-plans/new/", commission.propose, name="commission_propose"),
    path("<str:number>/people/new/", people.add, name="person_new"),
    path("<str:number>/people/<int:person_id>/disable/", people.disable, name="person_disable"),
    path("<str:number>/", views.dealer, name="dealer"),
    path("<str:number>/edit/", views.edit, name="edit"),
    path("<str:number>/<slug:verb>/", views.move, name="move"),
]
