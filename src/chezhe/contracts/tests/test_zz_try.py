import time, sys
import pytest
from chezhe.contracts import papers
from chezhe.contracts.papers import loan, cost
from chezhe.contracts.tests.cases import case
from chezhe.documents.papers import press
from chezhe.contracts.signing import authority, pdf
from chezhe.contracts.vendors.timestamp import client
from chezhe.kernel import clock, simulators
from chezhe.kernel.testing import moment

def test_x():
    doc = press.print_paper(papers.template("loan_contract"), loan.loan_contract(case()))
    print(len(doc))
    with simulators.in_process(), clock.at(moment("2026-09-01 10:00")):
        t=time.process_time()
        me = authority.issue(authority.Signer("张小三","abc"), at=clock.now())
        print("issue", time.process_time()-t); 
        for i in range(4):
            t=time.process_time()
            n = pdf.sign(doc, me, field=f"party-{i}", reason="签署", at=clock.now(), stamp=client.stamp)
            print("sign", time.process_time()-t, len(n)-len(doc)); 
            t=time.process_time()
            r = pdf.verify(n, authority.trusted(), only_last=True)
            print("verify last", time.process_time()-t, r)
            doc=n
        t=time.process_time()
        r = pdf.verify(n, authority.trusted())
        print("verify all", time.process_time()-t, r)
        bad = bytearray(n); bad[3000]^=1
        print(pdf.verify(bytes(bad), authority.trusted()))
        print(pdf.verify(n+b"\n%junk", authority.trusted()))
    open("/tmp/signing-own/x.pdf","wb").write(n)
