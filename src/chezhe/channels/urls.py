from django.urls import path

from chezhe.channels.views import dealers as views
from chezhe.channels.views import people

app_name = "channels"
urlpatterns = [
    path("", views.dealers, name="dealers"),
    path("new/", views.create, name="create"),
    path("panel/profile/", views.profile, name="profile"),
    path("panel/people/", people.people, name="people"),
    path("<str:number>/people/new/", people.add, name="person_new"),
    path("<str:number>/people/<int:person_id>/disable/", people.disable, name="person_disable"),
    path("<str:number>/", views.dealer, name="dealer"),
    path("<str:number>/edit/", views.edit, name="edit"),
    path("<str:number>/<slug:verb>/", views.move, name="move"),
]
