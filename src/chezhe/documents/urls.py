from django.urls import path

from chezhe.documents import views

app_name = "documents"
urlpatterns = [
    path("panel/", views.panel, name="panel"),
    path("<uuid:key>/", views.download, name="download"),
    path("<uuid:key>/image/", views.image, name="image"),
    path("<uuid:key>/preview/", views.preview, name="preview"),
    path("<uuid:key>/reading/", views.reading, name="reading"),
    path("<uuid:key>/reading/full/", views.reading_full, name="reading_full"),
    path("<uuid:key>/reading/again/", views.read_again, name="read_again"),
    path("<uuid:key>/remove/", views.remove, name="remove"),
    path("<uuid:key>/removal/", views.removal, name="removal"),
]
