from django.urls import path

from chezhe.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.dealers, name="dealers"),
    path("new/", views.create, name="create"),
    path("panel/profile/", views.profile, name="profile"),
    path("<str:number>/", views.dealer, name="dealer"),
    path("<str:number>/edit/", views.edit, name="edit"),
    path("<str:number>/<slug:verb>/", views.move, name="move"),
]
