// SPDX-License-Identifier: MIT
// What the books' API has: every resource with its members, filters and verbs. The checks, the
// lists and the published description all read it here. Names and their certainty are those of the
// interface reference; those of articles and sales orders are guesses there.
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

#define READ MEMBER_READ_ONLY
#define MUST MEMBER_REQUIRED
#define NIL MEMBER_NULLABLE
#define END_OF_MEMBERS {NULL, KIND_TEXT, 0, NULL, NULL}
#define END_OF_FILTERS {NULL, FILTER_TEXT, NULL}
#define M(name, kind, flags) {name, KIND_##kind, flags, NULL, NULL}
#define ROWS(name, flags, rows, schema) {name, KIND_COLLECTION, flags, rows, schema}
#define F(name, kind) {name, FILTER_##kind, NULL}

// ---- Members ----------------------------------------------------------------------------------

static const struct member administration_members[] = {
    M("id", INTEGER, READ), M("name", TEXT, READ), END_OF_MEMBERS};
static const struct member journal_members[] = {
    M("id", TEXT, READ), M("description", TEXT, READ), M("type", TEXT, READ), END_OF_MEMBERS};
static const struct member ledger_members[] = {
    M("id", INTEGER, READ), M("type", INTEGER, READ), M("description", TEXT, READ),
    M("vatCode", TEXT, READ | NIL), M("disabled", BOOLEAN, READ), M("rcsfi", TEXT, READ | NIL),
    END_OF_MEMBERS};
static const struct member vat_members[] = {
    M("id", TEXT, READ), M("description", TEXT, READ), M("salesCode", BOOLEAN, READ),
    M("percentage", MONEY, READ), M("isDefault", BOOLEAN, READ), M("validFrom", TIME, READ | NIL),
    M("validUntil", TIME, READ | NIL), M("countryCode", TEXT, READ), END_OF_MEMBERS};
static const struct member integer_id_members[] = {
    M("id", INTEGER, READ), M("description", TEXT, READ), END_OF_MEMBERS};
static const struct member text_id_members[] = {
    M("id", TEXT, READ), M("description", TEXT, READ), END_OF_MEMBERS};
static const struct member cost_center_members[] = {
    M("id", INTEGER, READ), M("description", TEXT, READ), M("conversionCode", TEXT, READ | NIL),
    END_OF_MEMBERS};
static const struct member cost_unit_members[] = {
    M("id", INTEGER, READ), M("type", INTEGER, READ), M("description", TEXT, READ),
    M("conversionCode", TEXT, READ | NIL), M("costCenter", INTEGER, READ | NIL), END_OF_MEMBERS};
static const struct member sales_type_members[] = {
    M("id", INTEGER, READ), M("description", TEXT, READ), M("ledgerAccountId", INTEGER, READ),
    M("vatCode", TEXT, READ), END_OF_MEMBERS};

const struct member debtor_members[] = {
    M("id", INTEGER, READ), M("customerNumber", TEXT, 0), M("name", TEXT, MUST),
    M("attentionTo", TEXT, NIL), M("address", TEXT, MUST), M("addressLine2", TEXT, NIL),
    M("addressLine3", TEXT, NIL), M("postCode", TEXT, NIL), M("city", TEXT, NIL),
    M("countryCode", TEXT, NIL), M("phoneNumber", TEXT, NIL), M("mobileNumber", TEXT, NIL),
    M("faxNumber", TEXT, NIL), M("emailAddress", TEXT, NIL), M("cocNumber", TEXT, NIL),
    M("vatNumber", TEXT, NIL), M("iban", TEXT, NIL), M("bic", TEXT, NIL), M("bban", TEXT, NIL),
    M("directDebit", BOOLEAN, 0), M("debtorKindId", TEXT, MUST),
    M("paymentConditionId", INTEGER, NIL), M("paymentMethodId", TEXT, NIL),
    M("comments", TEXT, NIL), M("characteristic4", TEXT, NIL), M("characteristic5", TEXT, NIL),
    M("blocked", BOOLEAN, 0), M("noReminder", BOOLEAN, 0), M("dateAdded", TIME, READ),
    M("dateLastChange", TIME, READ | NIL), END_OF_MEMBERS};

static const struct member location_members[] = {
    M("location", TEXT, READ), M("stock", DECIMAL, READ), M("reserved", DECIMAL, READ),
    M("onOrder", DECIMAL, READ), END_OF_MEMBERS};

const struct member article_members[] = {
    M("id", INTEGER, READ), M("articleNumber", TEXT, MUST), M("description", TEXT, MUST),
    M("longDescription", LONG_TEXT, NIL), M("brand", TEXT, NIL), M("mainCategory", TEXT, NIL),
    M("subCategory", TEXT, NIL), M("mainArticleNumber", TEXT, NIL), M("size", TEXT, NIL),
    M("colour", TEXT, NIL), M("salesTypeId", INTEGER, MUST), M("active", BOOLEAN, 0),
    M("stockArticle", BOOLEAN, 0), M("webshop", BOOLEAN, 0), M("unit", TEXT, NIL),
    M("salesPrice", MONEY, NIL), M("purchasePrice", MONEY, NIL), M("settlementPrice", MONEY, NIL),
    M("grossSalesPrice", MONEY, NIL), M("eanCode1", TEXT, NIL), M("eanCode2", TEXT, NIL),
    M("supplierArticleNumber", TEXT, NIL), M("minimumStock", DECIMAL, NIL),
    M("orderQuantity", DECIMAL, NIL), M("deliveryTime", INTEGER, NIL),
    M("priceFactor", DECIMAL, NIL), M("colliPerArticle", DECIMAL, NIL),
    M("articlesPerColli", DECIMAL, NIL), M("currentStock", DECIMAL, READ),
    M("reserved", DECIMAL, READ), M("onOrder", DECIMAL, READ), M("backOrder", DECIMAL, READ),
    ROWS("locations", READ, location_members, "ArticleLocation"), END_OF_MEMBERS};

const struct member invoice_line_members[] = {
    M("id", INTEGER, READ), M("ledgerAccountId", INTEGER, MUST), M("vatCode", TEXT, MUST),
    M("amount", MONEY, MUST), M("vatAmount", MONEY, 0), M("description", TEXT, NIL),
    M("costCenterId", INTEGER, NIL), M("costUnitId", INTEGER, NIL), END_OF_MEMBERS};

#define INVOICE_HEADER                                                                             \
    M("id", INTEGER, READ), M("debtorCustomerNumber", TEXT, MUST), M("date", TIME, MUST),          \
        M("bookyear", INTEGER, MUST), M("bookperiod", INTEGER, MUST), M("journalId", TEXT, MUST),  \
        M("invoiceNumber", TEXT, NIL), M("description", TEXT, NIL),                                \
        M("paymentConditionId", INTEGER, NIL), M("paymentDueDate", TIME, NIL),                     \
        M("amountExclVat", MONEY, 0), M("amountInclVat", MONEY, 0), M("vatAmount", MONEY, 0),      \
        M("status", INTEGER, READ)
static const struct member invoice_header_members[] = {INVOICE_HEADER, END_OF_MEMBERS};
const struct member invoice_members[] = {
    INVOICE_HEADER, ROWS("lines", MUST, invoice_line_members, "SalesInvoiceLine"), END_OF_MEMBERS};

const struct member order_line_members[] = {
    M("id", INTEGER, READ), M("articleId", INTEGER, NIL), M("salesTypeId", INTEGER, NIL),
    M("quantity", DECIMAL, MUST), M("price", DECIMAL, MUST), M("discountPercentage", DECIMAL, 0),
    M("description", TEXT, NIL), M("vatCode", TEXT, NIL), M("amount", MONEY, READ), END_OF_MEMBERS};

const struct member order_members[] = {
    M("id", INTEGER, READ), M("debtorCustomerNumber", TEXT, MUST), M("date", TIME, MUST),
    M("reference", TEXT, NIL), M("description", TEXT, NIL), M("paymentConditionId", INTEGER, NIL),
    M("deliveryText", LONG_TEXT, NIL), M("comments", LONG_TEXT, NIL), M("status", INTEGER, READ),
    M("amountExclVat", MONEY, READ), M("amountInclVat", MONEY, READ), M("vatAmount", MONEY, READ),
    ROWS("lines", MUST, order_line_members, "SalesOrderLine"), END_OF_MEMBERS};

const struct member entry_line_members[] = {
    M("id", INTEGER, READ), M("amount", MONEY, MUST), M("bookingDate", TIME, NIL),
    M("description", TEXT, NIL), M("ledgerAccountId", INTEGER, NIL), M("debtorId", INTEGER, NIL),
    M("creditorId", INTEGER, NIL), M("salesInvoiceId", INTEGER, NIL),
    M("purchaseInvoiceId", INTEGER, NIL), M("vatAmount", MONEY, 0), M("vatCode", TEXT, NIL),
    M("costCenterId", INTEGER, NIL), END_OF_MEMBERS};

const struct member entry_members[] = {
    M("id", INTEGER, READ), M("date", TIME, MUST), M("bookyear", INTEGER, MUST),
    M("bookperiod", INTEGER, MUST), M("journalId", TEXT, MUST), M("description", TEXT, NIL),
    M("sourceDocumentNumber", TEXT, NIL), M("openingBalance", MONEY, NIL),
    M("closingBalance", MONEY, NIL), M("state", INTEGER, READ),
    ROWS("lines", MUST, entry_line_members, "JournalEntryLine"), END_OF_MEMBERS};

// ---- Filters ----------------------------------------------------------------------------------

static const struct filter administration_filters[] = {F("id", NUMBER), F("name", TEXT),
                                                       END_OF_FILTERS};
static const struct filter integer_id_filters[] = {F("id", NUMBER), F("description", TEXT),
                                                   END_OF_FILTERS};
static const struct filter text_id_filters[] = {F("id", TEXT), F("description", TEXT),
                                                END_OF_FILTERS};
static const struct filter ledger_filters[] = {
    F("id", NUMBER), F("type", NUMBER), F("description", TEXT), END_OF_FILTERS};
static const struct filter no_filters[] = {END_OF_FILTERS};
static const struct filter cost_center_filters[] = {
    F("id", NUMBER), F("description", TEXT), F("conversionCode", TEXT), END_OF_FILTERS};
static const struct filter cost_unit_filters[] = {
    F("id", NUMBER), F("type", NUMBER), F("description", TEXT), F("conversionCode", TEXT),
    F("costCenter", NUMBER), END_OF_FILTERS};
static const struct filter debtor_filters[] = {
    F("id", NUMBER), F("customerNumber", TEXT), F("name", TEXT), F("attentionTo", TEXT),
    F("address", TEXT), F("postCode", TEXT), F("city", TEXT), F("countryCode", TEXT),
    F("phoneNumber", TEXT), F("mobileNumber", TEXT), F("emailAddress", TEXT), F("cocNumber", TEXT),
    F("vatNumber", TEXT), F("iban", TEXT), F("debtorKindId", TEXT), F("paymentConditionId", NUMBER),
    F("paymentMethodId", TEXT), F("dateAdded", DATE), END_OF_FILTERS};
static const struct filter article_filters[] = {
    F("id", NUMBER), F("articleNumber", TEXT), F("description", TEXT), F("salesTypeId", NUMBER),
    F("brand", TEXT), F("mainCategory", TEXT), F("subCategory", TEXT), F("mainArticleNumber", TEXT),
    F("eanCode1", TEXT), F("eanCode2", TEXT), F("supplierArticleNumber", TEXT), END_OF_FILTERS};
static const struct filter invoice_filters[] = {
    F("id", NUMBER), F("amountExclVat", NUMBER), F("amountInclVat", NUMBER), F("bookyear", NUMBER),
    F("bookperiod", NUMBER), F("debtorCustomerNumber", TEXT), F("date", DATE),
    F("description", TEXT), F("invoiceNumber", TEXT), F("journalId", TEXT), F("status", NUMBER),
    F("paymentConditionId", NUMBER), F("vatAmount", NUMBER), END_OF_FILTERS};
static const struct filter order_filters[] = {
    F("id", NUMBER), F("reference", TEXT), F("debtorCustomerNumber", TEXT), F("date", DATE),
    F("description", TEXT), F("status", NUMBER), F("paymentConditionId", NUMBER), END_OF_FILTERS};
static const struct filter entry_filters[] = {
    F("id", NUMBER), {"bookYear", FILTER_NUMBER, "bookyear"},
    {"bookPeriod", FILTER_NUMBER, "bookperiod"}, F("date", DATE),
    F("journalId", TEXT), F("description", TEXT), F("sourceDocumentNumber", TEXT),
    {"status", FILTER_NUMBER, "state"}, F("state", NUMBER), END_OF_FILTERS};

// ---- Resources --------------------------------------------------------------------------------

#define OPS(n) {n ".list", n ".get", n ".create", n ".update", n ".validate"}
#define LOOKUP(p, s, m, f, which)                                                                  \
    {                                                                                              \
        .path = p, .schema = s, .members = m, .filters = f, .operations = OPS(p), .lookup = which, \
        .rows = -1                                                                                 \
    }

const struct resource resources[R_COUNT] = {
    [R_ADMINISTRATIONS] = {.path = "administrations",
                           .schema = "Administration",
                           .members = administration_members,
                           .filters = administration_filters,
                           .operations = OPS("administrations"),
                           .lookup = -1,
                           .rows = -1},
    [R_ROUTES] = LOOKUP("approvalroutes", "ApprovalRoute", integer_id_members, integer_id_filters,
                        L_ROUTES),
    [R_JOURNALS] = LOOKUP("journals", "Journal", journal_members, text_id_filters, L_JOURNALS),
    [R_LEDGER] =
        LOOKUP("ledgeraccounts", "LedgerAccount", ledger_members, ledger_filters, L_LEDGER),
    [R_VAT] = LOOKUP("vatcodes", "VatCode", vat_members, no_filters, L_VAT),
    [R_CONDITIONS] = LOOKUP("paymentconditions", "PaymentCondition", integer_id_members,
                            integer_id_filters, L_CONDITIONS),
    [R_COST_CENTERS] = LOOKUP("costcenters", "CostCenter", cost_center_members, cost_center_filters,
                              L_COST_CENTERS),
    [R_COST_UNITS] =
        LOOKUP("costunits", "CostUnit", cost_unit_members, cost_unit_filters, L_COST_UNITS),
    [R_SALES_TYPES] =
        LOOKUP("salestypes", "SalesType", sales_type_members, integer_id_filters, L_SALES_TYPES),
    [R_DEBTOR_KINDS] =
        LOOKUP("debtorkinds", "DebtorKind", text_id_members, text_id_filters, L_DEBTOR_KINDS),
    [R_PAYMENT_METHODS] = LOOKUP("paymentmethods", "PaymentMethod", text_id_members,
                                 text_id_filters, L_PAYMENT_METHODS),
    [R_DEBTORS] = {.path = "debtors",
                   .schema = "Debtor",
                   .members = debtor_members,
                   .filters = debtor_filters,
                   .operations = OPS("debtors"),
                   .lookup = -1,
                   .rows = ROWS_DEBTORS,
                   .can = CAN_ALL,
                   .write = write_debtor},
    [R_ARTICLES] = {.path = "articles",
                    .schema = "Article",
                    .members = article_members,
                    .filters = article_filters,
                    .operations = OPS("articles"),
                    .lookup = -1,
                    .rows = ROWS_ARTICLES,
                    .can = CAN_ALL,
                    .write = write_article},
    [R_INVOICES] = {.path = "salesinvoices",
                    .schema = "SalesInvoice",
                    .members = invoice_header_members,
                    .filters = invoice_filters,
                    .left_out = "lines",
                    .operations = OPS("salesinvoices"),
                    .lookup = -1,
                    .rows = ROWS_INVOICES},
    [R_INVOICES_WITH_LINES] = {.path = "salesinvoiceswithlines",
                               .schema = "SalesInvoiceWithLines",
                               .members = invoice_members,
                               .filters = invoice_filters,
                               .operations = OPS("salesinvoiceswithlines"),
                               .lookup = -1,
                               .rows = ROWS_INVOICES,
                               .can = CAN_ALL,
                               .write = write_invoice},
    [R_ORDERS] = {.path = "salesorderwithlines",
                  .alias = "salesorderswithlines",
                  .shown = "SalesOrderWithLines/",
                  .schema = "SalesOrderWithLines",
                  .members = order_members,
                  .filters = order_filters,
                  .operations = OPS("salesorderwithlines"),
                  .lookup = -1,
                  .rows = ROWS_ORDERS,
                  .can = CAN_ALL,
                  .in_trade = true,
                  .write = write_order},
    [R_JOURNAL_ENTRIES] = {.path = "journalentrieswithlines",
                           .schema = "JournalEntryWithLines",
                           .members = entry_members,
                           .filters = entry_filters,
                           .required_filter = "BookYear",
                           .operations = OPS("journalentrieswithlines"),
                           .lookup = -1,
                           .rows = ROWS_JOURNAL,
                           .can = CAN_GET | CAN_POST,
                           .write = write_entry},
};

const struct member *member_named(const struct member *members, const char *name, size_t bytes)
{
    for (const struct member *m = members; m->name; m++) {
        if (strlen(m->name) == bytes && memcmp(m->name, name, bytes) == 0)
            return m;
    }
    return NULL;
}

static bool path_is(const char *have, const char *path, size_t bytes)
{
    return have && strlen(have) == bytes && strncasecmp(have, path, bytes) == 0;
}

const struct resource *resource_named(const char *path, size_t bytes)
{
    for (int i = 0; i < R_COUNT; i++) {
        if (path_is(resources[i].path, path, bytes) || path_is(resources[i].alias, path, bytes))
            return &resources[i];
    }
    return NULL;
}
