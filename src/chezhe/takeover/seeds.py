"""The loan that stands in the templates as an example: 100,000.00 at 12 % over 36 months, of which ten were paid."""

SAMPLES = {
    "customers": {
        "customer": "KH0001", "kind": "个人", "name": "张伟", "paper": "110101199003070812", "mobile": "13800001234", "bank_name": "某银行",
        "card": "6222020200012345670", "address": "", "legal_representative": "",
    },
    "vehicles": {
        "vin": "LSVAA49J132047371", "customer": "KH0001", "brand": "大众", "model": "朗逸 2021", "condition": "二手车",
        "energy_type": "汽油", "plate": "京A12345", "usage_nature": "非营运", "first_registered_on": "2021-05-10",
        "mileage_km": "32000", "engine_no": "",
    },
    "loans": {
        "loan": "OLD-0001", "contract": "HT-0001", "signed_on": "2025-01-10", "customer": "KH0001", "vin": "LSVAA49J132047371",
        "branch": "HD01",
        "product": "P01", "principal": "100000.00", "annual_rate": "12%", "method": "等额本息", "periods": "36",
        "paid_out_on": "2025-01-15", "brings": "余额", "principal_left": "78146.22", "interest_due": "806.04", "fee_due": "0.00",
        "penalty_due": "12.50", "compound_due": "4.10", "unapplied": "0.00", "deposit": "0.00",
    },
    "parties": {"loan": "OLD-0001", "customer": "KH0002", "role": "担保人"},
    "plans": {"loan": "OLD-0001", "period": "1", "due_on": "2025-02-15", "principal": "2321.43", "interest": "1000.00", "fee": "0.00"},
    "receipts": {"loan": "OLD-0001", "paid_on": "2025-02-15", "amount": "3321.43", "reference": "PZ0001"},
    "arrears": {
        "loan": "OLD-0001", "due_on": "2025-11-15", "principal": "2515.39", "interest": "806.04", "fee": "0.00", "penalty": "12.50",
        "compound": "4.10",
    },
}
