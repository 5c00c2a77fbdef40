from django.urls import path

from chezhe.ledger.views import books, daybook, manual

app_name = "ledger"
urlpatterns = [
    path("entries/", books.entries, name="entries"),
    path("entries/<str:number>/", books.entry, name="entry"),
    path("entries/<str:number>/reverse/", books.reverse_one, name="reverse"),
    path("accounts/", books.accounts, name="accounts"),
    path("accounts/new/", books.new_account, name="new_account"),
    path("accounts/<str:code>/retire/", books.retire, name="retire"),
    path("statement/", books.statement, name="statement"),
    path("daybook/", daybook.daybook, name="daybook"),
    path("trial-balance/", books.trial_balance, name="trial_balance"),
    path("periods/", books.periods, name="periods"),
    path("periods/<str:month>/close/", books.close, name="close"),
    path("panel/", books.panel, name="panel"),
    path("manual-entries/", manual.manual_entries, name="manual_entries"),
    path("manual-entries/new/", manual.propose, name="propose"),
    path("manual-entries/<str:number>/", manual.manual_entry, name="manual_entry"),
]
