from django.urls import path

from chezhe.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<str:number>/", views.request_page, name="request"),
    path("<str:number>/vote/", views.vote, name="vote"),
    path("<str:number>/withdraw/", views.withdraw, name="withdraw"),
]
