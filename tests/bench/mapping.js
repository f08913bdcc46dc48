// SPDX-License-Identifier: MIT
// The mappings order.get and sales-invoice.send by hand: node mapping.js ORDER.json ORDERS. Prints what they give.
'use strict';
const {source, core, tables} = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));

const blank = value => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
function put(out, name, value) {
  if (!blank(value)) out[name] = value;
}
const join = (values, by) => values.every(blank) ? undefined : values.map(value => value ?? '').join(by);
const isEmpty = value => Object.keys(value).length === 0;

function get(o) {
  const out = {};
  put(out, 'reference', join([o.orderNumber?.year, o.orderNumber?.number], '-'));
  if (blank(out.reference)) throw new Error('reference');
  put(out, 'external_id', o.extOrderId);
  if (!blank(o.proposalNumber?.number)) put(out, 'quote', join([o.proposalNumber.year, o.proposalNumber.number], '-'));
  put(out, 'date', o.financialDate);
  if (blank(o.financialDate)) put(out, 'date', o.entryTimestamp?.slice(0, 10));
  put(out, 'delivery_date', o.deliveryDate);
  const invoice = o.invoiceNumbers?.[0];
  if (!blank(invoice?.number)) put(out, 'invoice', join([invoice.year, invoice.number], '-'));
  put(out, 'branch', o.financialBranchNumber);
  put(out, 'workplace', o.workplaceNumber);
  put(out, 'employee', o.employeeNumber);
  put(out, 'note', o.reference);
  out.state = o.cancelState === 'ORDER-CANCEL-STATE-COMPLETE' ? 'cancelled' : String(o.fullyPaid) === 'true' ? 'paid'
    : o.deliveryState === 'ORDER-DELIVERY-STATE-COMPLETE' ? 'delivered' : 'open';
  put(out, 'vat_method', {'VAT-METHOD-INCLUSIVE': 'inclusive', 'VAT-METHOD-EXCLUSIVE': 'exclusive',
    'VAT-METHOD-SHIFTED': 'shifted', 'VAT-METHOD-NONE': 'none'}[o.vatMethod]);
  put(out, 'total_incl', o.totalInclAmount);
  put(out, 'total_excl', o.totalExclAmount);
  if (o.vatGroupList) out.vat = o.vatGroupList.map(g => {
    const one = {};
    put(one, 'code', g.vatCode);
    put(one, 'rate', g.vatPercentage);
    put(one, 'excl', blank(g.exclAmount) ? '0.00' : g.exclAmount);
    put(one, 'vat', blank(g.vatAmount) ? '0.00' : g.vatAmount);
    return one;
  });
  put(out, 'prepaid', o.prepaidAmount);
  put(out, 'payment_method', blank(o.paymentList?.[0]?.method) ? o.paymentMethod : o.paymentList[0].method);
  if (o.paymentList) out.payments = o.paymentList.map(p => {
    const one = {};
    put(one, 'method', p.method);
    put(one, 'amount', p.amount);
    const type = p.paymentMethodType;
    one.kind = !blank(p.giftcardNumber) ? 'gift-card'
      : type === 'PAYMENT-METHOD-TYPE-BPE' || type === 'PAYMENT-METHOD-TYPE-BPE-NO-STOCK' ? 'own-use'
      : type === 'PAYMENT-METHOD-TYPE-EFT' ? 'eft' : 'payment';
    return one;
  });
  put(out, 'delivery_method', o.deliveryMethod);
  const r = o.relation ?? {}, customer = {};
  put(customer, 'number', r.relationNumber);
  put(customer, 'name', r.name);
  put(customer, 'company', r.companyName?.trim());
  put(customer, 'contact', r.contact);
  put(customer, 'email', r.email?.trim());
  put(customer, 'phone', r.telephone);
  put(customer, 'mobile', r.mobile);
  put(customer, 'vat_number', r.vatNumber);
  put(customer, 'coc_number', r.commerceNumber);
  put(customer, 'iban', r.bankAccountNumber);
  put(customer, 'street', r.address);
  put(customer, 'postcode', r.zipcode);
  put(customer, 'city', r.city);
  if (!blank(r.country)) customer.country = tables.country[r.country.trim()];
  if (!isEmpty(customer)) out.customer = customer;
  const d = o.deliveryAddress ?? {}, delivery = {};
  put(delivery, 'name', d.name);
  put(delivery, 'contact', d.contact);
  put(delivery, 'street', d.address);
  put(delivery, 'postcode', d.zipcode);
  put(delivery, 'city', d.city);
  put(delivery, 'country', d.country);
  if (!isEmpty(delivery)) out.delivery = delivery;
  out.lines = o.lineList.map(l => {
    const one = {}, data = l.data ?? {}, type = data.turnoverGroupType;
    one.kind = type === 'TURNOVER-GROUP-TYPE-BALANCE-UPGRADE' || type === 'TURNOVER-GROUP-TYPE-SUSPENSE' ? 'gift-card'
      : type === 'TURNOVER-GROUP-TYPE-REFUNDABLE-DEPOSIT' ? 'deposit' : l.articleNumber === '0' ? 'text' : 'article';
    if (l.articleNumber !== '0') put(one, 'number', l.articleNumber);
    put(one, 'description', l.text);
    put(one, 'quantity', blank(data.quantity) ? '0' : data.quantity);
    put(one, 'price', data.price);
    put(one, 'price_excl', data.priceExcl);
    put(one, 'discount_percent', data.discountPercentage);
    put(one, 'discount', data.discountAmount);
    put(one, 'original_price', data.originalPrice);
    put(one, 'original_price_excl', data.originalPriceExcl);
    put(one, 'total_incl', data.totalInclAmount);
    put(one, 'total_excl', data.totalExclAmount);
    put(one, 'turnover_group', data.turnoverGroup);
    put(one, 'vat_code', data.vatCode);
    put(one, 'vat_rate', blank(data.vatPercentage) ? '0.00' : data.vatPercentage);
    return one;
  });
  return out;
}

function look(table, key) {
  const found = tables[table][key];
  if (found === undefined) throw new Error(`table ${table} has no row for "${key}"`);
  return found;
}

function send(c) {
  const out = {};
  const [year, month] = c.date.split('-');
  put(out, 'debtorCustomerNumber', c.customer.ref);
  out.date = c.date.slice(0, 10) + 'T00:00:00';
  out.bookyear = year;
  out.bookperiod = String(Number(month));
  if (c.settings.invoice_number === 'document') put(out, 'invoiceNumber', blank(c.invoice) ? c.reference : c.invoice);
  put(out, 'description', c.reference);
  put(out, 'paymentConditionId', look('payment_condition', c.payment_method));
  put(out, 'amountExclVat', c.total_net);
  put(out, 'vatAmount', c.total_vat);
  put(out, 'amountInclVat', c.total_incl);
  out.lines = c.lines.map(l => {
    const one = {};
    const own = l.kind === 'gift-card' || l.kind === 'deposit' || l.kind === 'shipping';
    if (blank(l.account)) one.ledgerAccountId = look('revenue_account', own ? l.kind : `${l.region}|${l.vat_rate}`);
    else one.ledgerAccountId = l.account;
    one.vatCode = look('vat_code', `${l.region}|${l.vat_rate}`);
    put(one, 'amount', l.net);
    put(one, 'vatAmount', l.vat);
    put(one, 'description', join([l.quantity, l.description], ' x '));
    return one;
  });
  return out;
}

let last;
for (let i = 0; i < Number(process.argv[3]); i++)
  last = {core: get(source), document: send(core)};
console.log(JSON.stringify(last));
