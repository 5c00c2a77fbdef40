from django.urls import path

from chezhe.takeover.views import books, deciding

app_name = "takeover"
urlpatterns = [
    path("", books.all_books, name="books"),
    path("template/", books.template, name="template"),
    path("template/sheet/", books.template_sheet, name="template_sheet"),
    path("<str:number>/", books.book, name="book"),
    path("<str:number>/progress/", books.progress, name="progress"),
    path("<str:number>/faults/", books.faults, name="faults"),
    path("<str:number>/loans/", books.loans, name="loans"),
    path("<str:number>/report/", books.report, name="report"),
    path("<str:number>/report/paper/", books.report_paper, name="report_paper"),
    path("<str:number>/report/loans/", books.report_rows, name="report_rows"),
    path("<str:number>/files/", deciding.add_file, name="add_file"),
    path("<str:number>/files/<str:key>/drop/", deciding.drop_file, name="drop_file"),
    path("<str:number>/trial/", deciding.trial, name="trial"),
    path("<str:number>/totals/", deciding.totals, name="totals"),
    path("<str:number>/submit/", deciding.submit, name="submit"),
    path("<str:number>/approve/", deciding.approve, name="approve"),
    path("<str:number>/return/", deciding.give_back, name="return"),
    path("<str:number>/discard/", deciding.discard, name="discard"),
    path("<str:number>/resume/", deciding.resume, name="resume"),
    path("<str:number>/fund/", deciding.fund, name="fund"),
]
