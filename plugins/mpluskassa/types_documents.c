/* SPDX-License-Identifier: MIT
 * Message types of the documents beside orders: invoices, packing slips, proposals. */
#include "types.h"
#include "types_macros.h"

/* ---- invoices ---- */

static const struct soap_field type_invoice_fields[] = {
    TEXT("invoiceId"), TEXT("extInvoiceId"), VALUES("orderIds", "id", SOAP_TEXT),
    VALUES("extOrderIds", "id", SOAP_TEXT), TEXT("transactionString"), LONG("syncMarker"),
    OBJECT("invoiceNumber", type_year_number), TEXT("invoiceBarcode"), ENUM("invoiceType"),
    LONG("employeeNumber"), TEXT("employeeName"), DATETIME("entryTimestamp"),
    LONG("relationNumber"), TEXT("relationName"), INT("relationCategoryId"),
    TEXT("relationBankAccountNumber"), TEXT("relationVatNumber"),
    OBJECT("deliveryAddress", type_address), OBJECT("invoiceAddress", type_address),
    DATE("financialDate"), INT("financialBranchNumber"), TEXT("financialExtBranchId"),
    INT("workplaceNumber"), INT("entryBranchNumber"), TEXT("entryExtBranchId"), TEXT("reference"),
    TEXT("activityId"), DATE("dueDate"), MONEY("totalInclAmount"), MONEY("totalExclAmount"),
    ENUM("vatMethod"), LIST("vatGroupList", "vatGroup", type_vat_group), INT("changeCounter"),
    INT("versionNumber"), MONEY("paidAmount"), ENUM("state"), BOOL("finalized"),
    DATETIME("finalizedTimestamp"), LIST("lineList", "line", type_line),
    LIST("paymentList", "payment", type_payment), ENUM("vatChange"), INT("vatCountryCode"),
    TEXT("vatCountryIso3"), TEXT("costCenter"), TEXT("creditedInvoiceId"), TEXT("creditedReason"),
    INT("orderCategoryNumber"), TEXT("sessionId"),
    LIST("orderNumbers", "yearNumber", type_year_number), VALUES("packingSlipIds", "id", SOAP_TEXT),
    LIST("packingSlipNumbers", "yearNumber", type_year_number),
    VALUES("proposalIds", "id", SOAP_TEXT), VALUES("extProposalIds", "id", SOAP_TEXT),
    LIST("proposalNumbers", "yearNumber", type_year_number), INT("salesCategoryNumber"),
    TEXT("salesCategoryDescription"), INT("branchGroupNumber"), TEXT("ownerId"),
    OBJECT("branchInvoiceNumber", type_transaction_number), INT("invoiceReminder"),
    INT("targetInvoiceReminder"), BOOL("directDebit"), DATETIME("mailedTimestamp")};
TYPE(type_invoice, "Invoice");

static const struct soap_field type_get_invoices_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), DATE("fromFinancialDate"),
    DATE("throughFinancialDate"), REPEAT_VALUES("branchNumbers", SOAP_INT),
    NEEDED_LIST("articlePluNumbers", "text", type_text),
    NEEDED_LIST("articleBarcodes", "text", type_text), REPEAT_VALUES("invoiceIds", SOAP_TEXT),
    BOOL("includeLineList")};
static TYPE(type_get_invoices_request, "GetInvoicesRequest");

static const struct soap_field type_get_invoices_fields[] = {
    NEEDED_OBJECT("request", type_get_invoices_request)};
static TYPE(type_get_invoices, "getInvoices");

static const struct soap_field type_get_invoices_response_fields[] = {
    NEEDED_LIST("invoiceList", "invoice", type_invoice)};
static TYPE(type_get_invoices_response, "GetInvoicesResponse");

static const struct soap_field type_get_invoice_fields[] = {NEEDED("invoiceId", SOAP_TEXT)};
static TYPE(type_get_invoice, "getInvoice");

static const struct soap_field type_find_invoice_fields[] = {NEEDED("extInvoiceId", SOAP_TEXT)};
static TYPE(type_find_invoice, "findInvoice");

static const struct soap_field type_get_invoice_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("invoice", type_invoice)};
static TYPE(type_get_invoice_response, "GetInvoiceResponse");

/* ---- packing slips ---- */

static const struct soap_field type_packing_slip_fields[] = {
    NEEDED("packingSlipId", SOAP_TEXT), OBJECT("packingSlipNumber", type_year_number),
    TEXT("packingSlipBarcode"), TEXT("orderId"), TEXT("extOrderId"),
    OBJECT("orderNumber", type_year_number), TEXT("orderBarcode"), TEXT("invoiceId"),
    TEXT("extInvoiceId"), OBJECT("invoiceNumber", type_year_number), TEXT("invoiceBarcode"),
    TEXT("transactionString"), LONG("syncMarker"), LONG("employeeNumber"), TEXT("employeeName"),
    DATETIME("entryTimestamp"), LONG("relationNumber"), TEXT("relationName"),
    INT("relationCategoryId"), TEXT("relationBankAccountNumber"), TEXT("relationVatNumber"),
    OBJECT("deliveryAddress", type_address), OBJECT("invoiceAddress", type_address),
    DATE("financialDate"), INT("financialBranchNumber"), TEXT("financialExtBranchId"),
    INT("workplaceNumber"), INT("entryBranchNumber"), TEXT("entryExtBranchId"), TEXT("reference"),
    TEXT("activityId"), MONEY("totalInclAmount"), MONEY("totalExclAmount"), INT("changeCounter"),
    ENUM("state"), TEXT("onInvoiceUrl"), LIST("lineList", "line", type_line), TEXT("costCenter"),
    INT("orderCategoryNumber"), ENUM("packingSlipType"), ENUM("vatMethod"), TEXT("sessionId"),
    TEXT("proposalId"), TEXT("extProposalId"), OBJECT("proposalNumber", type_year_number),
    INT("branchGroupNumber"), TEXT("ownerId"),
    OBJECT("branchInvoiceNumber", type_transaction_number)};
TYPE(type_packing_slip, "PackingSlip");

static const struct soap_field type_get_packing_slips_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), DATE("fromFinancialDate"),
    DATE("throughFinancialDate"), REPEAT_VALUES("branchNumbers", SOAP_INT),
    REPEAT_VALUES("packingSlipIds", SOAP_TEXT), BOOL("includeLineList")};
static TYPE(type_get_packing_slips_request, "GetPackingSlipsRequest");

static const struct soap_field type_get_packing_slips_fields[] = {
    NEEDED_OBJECT("request", type_get_packing_slips_request)};
static TYPE(type_get_packing_slips, "getPackingSlips");

static const struct soap_field type_get_packing_slips_response_fields[] = {
    NEEDED_LIST("packingSlipList", "packingSlip", type_packing_slip)};
static TYPE(type_get_packing_slips_response, "GetPackingSlipsResponse");

static const struct soap_field type_slips_by_order_request_fields[] = {
    NEEDED("orderId", SOAP_TEXT)};
static TYPE(type_slips_by_order_request, "GetPackingSlipsByOrderRequest");

static const struct soap_field type_slips_by_order_fields[] = {
    NEEDED_OBJECT("request", type_slips_by_order_request)};
static TYPE(type_slips_by_order, "getPackingSlipsByOrder");

/* ---- proposals ---- */

static const struct soap_field type_proposal_fields[] = {
    TEXT("proposalId"), TEXT("extProposalId"), TEXT("orderId"), TEXT("extOrderId"),
    TEXT("invoiceId"), TEXT("extInvoiceId"), TEXT("transactionString"), LONG("syncMarker"),
    OBJECT("proposalNumber", type_year_number), ENUM("proposalType"), LONG("employeeNumber"),
    TEXT("employeeName"), DATETIME("entryTimestamp"), LONG("relationNumber"), TEXT("relationName"),
    INT("relationCategoryId"), TEXT("relationBankAccountNumber"),
    OBJECT("deliveryAddress", type_address), OBJECT("invoiceAddress", type_address),
    DATE("financialDate"), INT("financialBranchNumber"), TEXT("financialExtBranchId"),
    INT("workplaceNumber"), INT("entryBranchNumber"), TEXT("entryExtBranchId"), TEXT("reference"),
    TEXT("activityId"), MONEY("totalInclAmount"), MONEY("totalExclAmount"), ENUM("vatMethod"),
    LIST("vatGroupList", "vatGroup", type_vat_group), INT("changeCounter"), ENUM("state"),
    LIST("lineList", "line", type_line), ENUM("vatChange"), INT("orderCategoryNumber"),
    OBJECT("orderNumber", type_year_number), VALUES("packingSlipIds", "id", SOAP_TEXT),
    LIST("packingSlipNumbers", "yearNumber", type_year_number),
    VALUES("invoiceIds", "id", SOAP_TEXT), VALUES("extInvoiceIds", "id", SOAP_TEXT),
    LIST("invoiceNumbers", "yearNumber", type_year_number), INT("branchGroupNumber"),
    TEXT("ownerId"), LIST("branchInvoiceNumbers", "transactionNumber", type_transaction_number)};
TYPE(type_proposal, "Proposal");

static const struct soap_field type_get_proposals_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), DATE("fromFinancialDate"),
    DATE("throughFinancialDate"), REPEAT_VALUES("branchNumbers", SOAP_INT),
    REPEAT_VALUES("relationNumbers", SOAP_LONG), REPEAT_VALUES("proposalIds", SOAP_TEXT),
    BOOL("includeLineList")};
static TYPE(type_get_proposals_request, "GetProposalsRequest");

static const struct soap_field type_get_proposals_fields[] = {
    NEEDED_OBJECT("request", type_get_proposals_request)};
static TYPE(type_get_proposals, "getProposals");

static const struct soap_field type_get_proposals_response_fields[] = {
    NEEDED_LIST("proposalList", "proposal", type_proposal)};
static TYPE(type_get_proposals_response, "GetProposalsResponse");

/* getProposal, cancelProposal and the two that make a document of a proposal ask the same. */
static const struct soap_field type_proposal_id_fields[] = {NEEDED("proposalId", SOAP_TEXT)};
static TYPE(type_proposal_id, "getProposal");

static const struct soap_field type_get_proposal_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("proposal", type_proposal)};
static TYPE(type_get_proposal_response, "GetProposalResponse");

static const struct soap_field type_save_proposal_fields[] = {
    NEEDED_OBJECT("proposal", type_proposal)};
static TYPE(type_save_proposal, "saveProposal");

static const struct soap_field type_save_proposal_info_fields[] = {
    TEXT("proposalId"), TEXT("proposalString"), OBJECT("proposalNumber", type_year_number)};
static TYPE(type_save_proposal_info, "SaveProposalInfo");

static const struct soap_field type_save_proposal_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("info", type_save_proposal_info), TEXT("errorMessage")};
static TYPE(type_save_proposal_response, "SaveProposalResponse");

static const struct soap_field type_cancel_proposal_response_fields[] = {
    NEEDED("result", SOAP_ENUM), TEXT("message")};
static TYPE(type_cancel_proposal_response, "CancelProposalResponse");

static const struct soap_field type_order_from_proposal_info_fields[] = {
    TEXT("orderId"), TEXT("orderString"), OBJECT("orderNumber", type_year_number)};
static TYPE(type_order_from_proposal_info, "CreateOrderFromProposalInfo");

static const struct soap_field type_order_from_proposal_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("info", type_order_from_proposal_info),
    TEXT("errorMessage")};
static TYPE(type_order_from_proposal_response, "CreateOrderFromProposalResponse");

static const struct soap_field type_invoice_from_proposal_info_fields[] = {
    TEXT("invoiceId"), TEXT("invoiceString"), OBJECT("invoiceNumber", type_year_number)};
static TYPE(type_invoice_from_proposal_info, "CreateInvoiceFromProposalInfo");

static const struct soap_field type_invoice_from_proposal_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("info", type_invoice_from_proposal_info),
    TEXT("errorMessage")};
static TYPE(type_invoice_from_proposal_response, "CreateInvoiceFromProposalResponse");

/* ---- operations ---- */

OPERATION(op_get_invoices, "getInvoices", &type_get_invoices, &type_get_invoices_response, false);
OPERATION(op_get_invoice, "getInvoice", &type_get_invoice, &type_get_invoice_response, false);
OPERATION(op_find_invoice, "findInvoice", &type_find_invoice, &type_get_invoice_response, false);
OPERATION(op_get_packing_slips, "getPackingSlips", &type_get_packing_slips,
          &type_get_packing_slips_response, false);
OPERATION(op_get_packing_slips_by_order, "getPackingSlipsByOrder", &type_slips_by_order,
          &type_get_packing_slips_response, false);
OPERATION(op_get_proposals, "getProposals", &type_get_proposals, &type_get_proposals_response,
          false);
OPERATION(op_get_proposal, "getProposal", &type_proposal_id, &type_get_proposal_response, false);
OPERATION(op_save_proposal, "saveProposal", &type_save_proposal, &type_save_proposal_response,
          true);
OPERATION(op_cancel_proposal, "cancelProposal", &type_proposal_id, &type_cancel_proposal_response,
          true);
OPERATION(op_create_order_from_proposal, "createOrderFromProposal", &type_proposal_id,
          &type_order_from_proposal_response, true);
OPERATION(op_create_invoice_from_proposal, "createInvoiceFromProposal", &type_proposal_id,
          &type_invoice_from_proposal_response, true);
