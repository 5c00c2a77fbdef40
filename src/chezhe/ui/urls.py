from django.urls import path

from chezhe.ui import views

app_name = "ui"
urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("ui/check/<slug:kind>/", views.check, name="check"),
]
