# SPDX-License-Identifier: MIT
# The mappings order.get and sales-invoice.send by hand: jq --argjson orders N -f mapping.jq ORDER.json. Gives what they
# give of the last of so many orders.
def blank: . == null or (type == "string" and test("^\\s*$"));
def drop: with_entries(select(.value | blank | not));
def joined($by): if all(blank) then null else map(. // "") | join($by) end;
def either($one; $other): if ($one | blank) then $other else $one end;
def look($tables; $table; $key): $tables[$table][$key] // error("table \($table) has no row for \($key)");

def get($tables):
  . as $o | {
    reference: ([.orderNumber.year, .orderNumber.number] | joined("-")),
    external_id: .extOrderId,
    quote: (if .proposalNumber.number | blank then null else [.proposalNumber.year, .proposalNumber.number] | joined("-") end),
    date: either(.financialDate; (.entryTimestamp // "")[:10]),
    delivery_date: .deliveryDate,
    invoice: (if .invoiceNumbers[0].number | blank then null
              else [.invoiceNumbers[0].year, .invoiceNumbers[0].number] | joined("-") end),
    branch: .financialBranchNumber, workplace: .workplaceNumber, employee: .employeeNumber, note: .reference,
    state: (if .cancelState == "ORDER-CANCEL-STATE-COMPLETE" then "cancelled" elif .fullyPaid then "paid"
            elif .deliveryState == "ORDER-DELIVERY-STATE-COMPLETE" then "delivered" else "open" end),
    vat_method: {"VAT-METHOD-INCLUSIVE": "inclusive", "VAT-METHOD-EXCLUSIVE": "exclusive", "VAT-METHOD-SHIFTED": "shifted",
                 "VAT-METHOD-NONE": "none"}[.vatMethod],
    total_incl: .totalInclAmount, total_excl: .totalExclAmount,
    vat: (.vatGroupList | map({code: .vatCode, rate: .vatPercentage, excl: either(.exclAmount; "0.00"),
                               vat: either(.vatAmount; "0.00")} | drop)),
    prepaid: .prepaidAmount,
    payment_method: either(.paymentList[0].method; .paymentMethod),
    payments: (.paymentList | map({method: .method, amount: .amount,
      kind: (if .giftcardNumber | blank | not then "gift-card"
             elif .paymentMethodType == "PAYMENT-METHOD-TYPE-BPE"
                  or .paymentMethodType == "PAYMENT-METHOD-TYPE-BPE-NO-STOCK" then "own-use"
             elif .paymentMethodType == "PAYMENT-METHOD-TYPE-EFT" then "eft" else "payment" end)} | drop)),
    delivery_method: .deliveryMethod,
    customer: (.relation | {number: .relationNumber, name, company: .companyName, contact, email, phone: .telephone,
      mobile, vat_number: .vatNumber, coc_number: .commerceNumber, iban: .bankAccountNumber, street: .address,
      postcode: .zipcode, city, country: (if .country | blank then null else $tables.country[.country] end)} | drop),
    delivery: (.deliveryAddress | {name, contact, street: .address, postcode: .zipcode, city, country} | drop),
    lines: (.lineList | map(. as $l | .data | {
      kind: (if .turnoverGroupType == "TURNOVER-GROUP-TYPE-BALANCE-UPGRADE"
                or .turnoverGroupType == "TURNOVER-GROUP-TYPE-SUSPENSE" then "gift-card"
             elif .turnoverGroupType == "TURNOVER-GROUP-TYPE-REFUNDABLE-DEPOSIT" then "deposit"
             elif $l.articleNumber == "0" then "text" else "article" end),
      number: (if $l.articleNumber == "0" then null else $l.articleNumber end), description: $l.text,
      quantity: either(.quantity; "0"), price, price_excl: .priceExcl, discount_percent: .discountPercentage,
      discount: .discountAmount, original_price: .originalPrice, original_price_excl: .originalPriceExcl,
      total_incl: .totalInclAmount, total_excl: .totalExclAmount, turnover_group: .turnoverGroup, vat_code: .vatCode,
      vat_rate: either(.vatPercentage; "0.00")} | drop))
  } | drop;

def send($tables):
  (.date | split("-")) as $day | {
    debtorCustomerNumber: .customer.ref, date: "\(.date[:10])T00:00:00", bookyear: $day[0],
    bookperiod: ($day[1] | tonumber | tostring),
    invoiceNumber: (if .settings.invoice_number == "document" then either(.invoice; .reference) else null end),
    description: .reference,
    paymentConditionId: look($tables; "payment_condition"; .payment_method),
    amountExclVat: .total_net, vatAmount: .total_vat, amountInclVat: .total_incl,
    lines: (.lines | map({
      ledgerAccountId: (if .account | blank | not then .account
        elif .kind == "gift-card" or .kind == "deposit" or .kind == "shipping" then look($tables; "revenue_account"; .kind)
        else look($tables; "revenue_account"; "\(.region)|\(.vat_rate)") end),
      vatCode: look($tables; "vat_code"; "\(.region)|\(.vat_rate)"),
      amount: .net, vatAmount: .vat, description: ([.quantity, .description] | joined(" x "))} | drop))
  } | drop;

. as $all | reduce range($orders) as $i (null; $all | {core: (.source | get($all.tables)), document: (.core | send($all.tables))})
