from django.urls import path

from chezhe.approvals.views import authority, handling, inbox, request, undoing

app_name = "approvals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("limits/", authority.limits, name="limits"),
    path("limits/new/", authority.propose, name="propose_limit"),
    path("interests/", authority.interests, name="interests"),
    path("interests/new/", authority.declare, name="declare_interest"),
    path("interests/<str:number>/end/", authority.end, name="end_interest"),
    path("exceptions/", authority.exceptions, name="exceptions"),
    path("<str:number>/", request.request_page, name="request"),
    path("<str:number>/vote/", request.vote, name="vote"),
    path("<str:number>/handling/", request.handling_of, name="handling_of"),
    path("<str:number>/undo/", undoing.undo, name="undo"),
    path("<str:number>/withdraw/", request.withdraw, name="withdraw"),
    path("<str:number>/<slug:verb>/", handling.handle, name="handle"),
]
