from django.urls import path

from chezhe.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.messages, name="messages"),
    path("panel/", views.panel, name="panel"),
    path("templates/", views.templates, name="templates"),
    path("templates/<str:code>/", views.template, name="template"),
    path("callbacks/<str:channel>/", views.callback, name="callback"),
    path("<str:number>/", views.message, name="message"),
    path("<str:number>/withdraw/", views.withdraw, name="withdraw"),
]
