from django.urls import path

from chezhe.leads.views import following, lists, page

app_name = "leads"
urlpatterns = [
    path("", lists.leads, name="leads"),
    path("board/", lists.board, name="board"),
    path("pool/", lists.pool, name="pool"),
    path("new/", following.create, name="create"),
    path("panel/dealer/", lists.of_dealer, name="of_dealer"),
    path("<str:number>/", page.lead, name="lead"),
    path("<str:number>/edit/", following.edit, name="edit"),
    path("<str:number>/assign/", following.assign, name="assign"),
    path("<str:number>/claim/", following.claim, name="claim"),
    path("<str:number>/touch/", following.touch, name="touch"),
    path("<str:number>/qualify/", following.qualify, name="qualify"),
    path("<str:number>/lose/", following.lose, name="lose"),
    path("<str:number>/duplicate/", following.duplicate, name="duplicate"),
    path("<str:number>/convert/", page.convert, name="convert"),
    path("<str:number>/move/", following.move, name="move"),
    path("<str:number>/reveal/<slug:field>/", page.reveal, name="reveal"),
]
