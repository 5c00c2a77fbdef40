from django.urls import path

from chezhe.customers.views import filing, links, listing, page

app_name = "customers"
urlpatterns = [
    path("", listing.customers, name="customers"),
    path("new/person/", filing.create_person, name="create_person"),
    path("new/company/", filing.create_company, name="create_company"),
    path("panel/profile/", page.profile, name="profile"),
    path("panel/relations/", links.relations, name="relations"),
    path("panel/history/", page.history, name="history"),
    path("<str:number>/", page.customer, name="customer"),
    path("<str:number>/edit/", filing.edit, name="edit"),
    path("<str:number>/trade/", filing.trade, name="trade"),
    path("<str:number>/pass-on/", filing.pass_on, name="pass_on"),
    path("<str:number>/reveal/<slug:field>/", page.reveal, name="reveal"),
    path("<str:number>/accounts/new/", links.add_account, name="add_account"),
    path("<str:number>/accounts/<int:account>/close/", links.close_account, name="close_account"),
    path("<str:number>/relations/new/", links.relate, name="relate"),
    path("<str:number>/relations/<int:relation>/end/", links.unrelate, name="unrelate"),
]
