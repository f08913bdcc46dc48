/* SPDX-License-Identifier: MIT
 * Message types of the till's books: receipts, the financial journal and cash counts. Only what the
 * day totals are made of is listed. */
#include "types.h"
#include "types_macros.h"

/* ---- receipts ---- */

static const struct soap_field type_receipt_fields[] = {
    TEXT("receiptId"), VALUES("orderIds", "id", SOAP_TEXT), LONG("syncMarker"),
    ENUM("receiptType"), DATETIME("entryTimestamp"), DATE("financialDate"),
    INT("financialBranchNumber"), MONEY("totalInclAmount"), MONEY("totalExclAmount"),
    ENUM("vatMethod"), LIST("vatGroupList", "vatGroup", type_vat_group), INT("changeCounter"),
    MONEY("paidAmount"), ENUM("state"), LIST("lineList", "line", type_line),
    LIST("paymentList", "payment", type_payment)};
TYPE(type_receipt, "Receipt");

static const struct soap_field type_get_receipts_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), DATE("fromFinancialDate"),
    DATE("throughFinancialDate"), REPEAT_VALUES("branchNumbers", SOAP_INT),
    NEEDED_LIST("articlePluNumbers", "text", type_text),
    NEEDED_LIST("articleBarcodes", "text", type_text), BOOL("includeOrderReferences"),
    BOOL("includeLineList")};
static TYPE(type_get_receipts_request, "GetReceiptsRequest");

static const struct soap_field type_get_receipts_fields[] = {
    NEEDED_OBJECT("request", type_get_receipts_request)};
static TYPE(type_get_receipts, "getReceipts");

static const struct soap_field type_get_receipts_response_fields[] = {
    NEEDED_LIST("receiptList", "receipt", type_receipt)};
static TYPE(type_get_receipts_response, "GetReceiptsResponse");

/* ---- the financial journal: only whether the period is closed ---- */

static const struct soap_field type_financial_journal_request_fields[] = {
    NEEDED("fromFinancialDate", SOAP_DATE), NEEDED("throughFinancialDate", SOAP_DATE)};
static TYPE(type_financial_journal_request, "GetFinancialJournalRequest");

static const struct soap_field type_financial_journal_fields[] = {
    NEEDED_OBJECT("request", type_financial_journal_request)};
static TYPE(type_financial_journal, "getFinancialJournal");

static const struct soap_field type_financial_journal_response_fields[] = {
    BOOL("financialPeriodClosed")};
static TYPE(type_financial_journal_response, "GetFinancialJournalResponse");

/* ---- cash counts ---- */

static const struct soap_field type_cash_count_line_fields[] = {
    TEXT("paymentMethod"), INT("accountNumber"), MONEY("differenceAmount"),
    INT("differenceAccountNumber")};
static TYPE(type_cash_count_line, "CashCountLine");

static const struct soap_field type_cash_count_fields[] = {
    TEXT("cashCountId"), DATE("financialDate"), INT("branchNumber"), INT("workplaceNumber"),
    BOOL("isFinalized"), LIST("cashCountLineList", "cashCountLine", type_cash_count_line)};
TYPE(type_cash_count, "CashCount");

static const struct soap_field type_cash_counts_request_fields[] = {
    DATE("fromFinancialDate"), DATE("throughFinancialDate")};
static TYPE(type_cash_counts_request, "GetCashCountListRequest");

static const struct soap_field type_cash_counts_fields[] = {
    NEEDED_OBJECT("request", type_cash_counts_request)};
static TYPE(type_cash_counts, "getCashCountList");

static const struct soap_field type_cash_counts_response_fields[] = {
    NEEDED_LIST("cashCountList", "cashCount", type_cash_count)};
static TYPE(type_cash_counts_response, "GetCashCountListResponse");

/* ---- operations ---- */

OPERATION(op_get_receipts, "getReceipts", &type_get_receipts, &type_get_receipts_response, false);
OPERATION(op_get_financial_journal, "getFinancialJournal", &type_financial_journal,
          &type_financial_journal_response, false);
OPERATION(op_get_cash_counts, "getCashCountList", &type_cash_counts, &type_cash_counts_response,
          false);
