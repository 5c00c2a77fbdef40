from django.urls import path

from chezhe.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("bell/", views.bell, name="bell"),
]
