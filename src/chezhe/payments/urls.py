from django.urls import path

from chezhe.payments.views import callbacks, debits, files, payouts

app_name = "payments"
urlpatterns = [
    path("payouts/", payouts.payouts, name="payouts"),
    path("payouts/<str:number>/", payouts.payout, name="payout"),
    path("payouts/<str:number>/retry/", payouts.retry, name="retry"),
    path("notices/", payouts.notices, name="notices"),
    path("notices/<str:notice_id>/", payouts.notice, name="notice"),
    path("files/", files.files, name="files"),
    path("files/import/", files.import_file, name="import"),
    path("files/template/", files.template, name="template"),
    path("files/<str:number>/", files.file, name="file"),
    path("lines/", files.lines, name="lines"),
    path("callbacks/bank/", callbacks.bank, name="bank_callback"),
    path("callbacks/debit/", callbacks.debit, name="debit_callback"),
    path("mandates/", debits.mandates, name="mandates"),
    path("mandates/sign/<str:number>/", debits.sign, name="sign_mandate"),
    path("mandates/<str:number>/", debits.mandate, name="mandate"),
    path("mandates/<str:number>/revoke/", debits.revoke, name="revoke_mandate"),
    path("mandates/<str:number>/resume/", debits.resume, name="resume_mandate"),
    path("panels/mandates/", debits.mandates_of, name="mandates_of"),
    path("settlements/", debits.settlements, name="settlements"),
    path("settlements/<str:number>/", debits.settlement, name="settlement"),
]
