// SPDX-License-Identifier: MIT
// The enumerations (name, common beginning or -, the rest of each value) and the operations
// (name, answer, parameters); see schema.c.
#include "schema.h"

const char *const schema_enumerations[] = {
    "SlaveApiType - NO-SLAVE-API BRANCH-SLAVE-API WORKPLACE-SLAVE-API",
    "OrderType ORDER-TYPE- SALES-ORDER REPEAT-SALES-ORDER EXTERNAL-SALES-ORDER TABLE-ORDER "
        "CAFETERIA-ORDER",
    "ContractFrequency - WEEKLY MONTHLY QUARTERLY YEARLY CUSTOMPERIOD ONCE",
    "TimelineEventType - MAIL-SENT MAIL-DELIVERED MAIL-OPENED MAIL-FAILED MAIL-REJECTED "
        "MAIL-COMPLAINED MAIL-BOUNCED SIGNING-CREATED SIGNING-SENT SIGNING-OPENED "
        "SIGNING-APPROVED SIGNING-REJECTED SIGNING-EXPIRED DIRECT-DEBIT-SENT DIRECT-DEBIT-PAID "
        "DIRECT-DEBIT-REFUNDED DIRECT-DEBIT-FAILED SALES-CREATED SALES-UPDATED SALES-TRANSFORMED "
        "SALES-GENERATED PURCHASE-CREATED PURCHASE-UPDATED PURCHASE-TRANSFORMED "
        "INTERBRANCH-CREATED INTERBRANCH-UPDATED INTERBRANCH-TRANSFORMED PRINTED "
        "INVOICE-REMINDER-CREATED",
    "VatMethod VAT-METHOD- INCLUSIVE EXCLUSIVE SHIFTED NONE",
    "OrderDeliveryState ORDER-DELIVERY-STATE- NOTHING PARTIAL COMPLETE",
    "OrderCancelState ORDER-CANCEL-STATE- NOTHING PARTIAL COMPLETE",
    "OrderCompleteState ORDER-COMPLETE-STATE- NOTHING PARTIAL PARTIAL-DELIVERY-PENDING "
        "COMPLETE",
    "TurnoverGroupType TURNOVER-GROUP-TYPE- TURNOVER PAYMENT SUSPENSE CASH-INFLOW "
        "CASH-OUTFLOW BALANCE-UPGRADE UNKNOWN REFUNDABLE-DEPOSIT",
    "DiscountType DISCOUNT-TYPE- NONE PRICE-GROUP SALES-PRICE CUSTOMER-DISCOUNT BRANCH-PRICE "
        "EXTERNAL-DISCOUNT SALE-PROMOTION SALE-PROMOTION-RETOUR SALE-PROMOTION-FREE-ARTICLE",
    "PriceType PRICE-TYPE- UNKNOWN ARTICLE SPECIAL POINT PAYMENT BRANCH MENU-MAIN-ARTICLE "
        "SUB-ADDITION EXCHANGE-RATE-BUY EXCHANGE-RATE-SELL GIFT-CARD SALES-PROMOTIONS-PACKAGE "
        "FIXED",
    "LineType LINE-TYPE- NONE PREPARATION COMPONENT",
    "SubLineTypeV2 SUB-LINE-TYPE-V2- NONE PREPARATION COMPONENT PERSON-ARTICLE MEASUREMENT "
        "PREPARATION-COMPONENT ADDRESS-TEXT-LINE",
    "LineKind LINE-KIND- DEFAULT SUBTOTAL HEADER SECONDARY-HEADER",
    "PaymentMethodType PAYMENT-METHOD-TYPE- PAYMENT EFT SUSPENSE DEPOSIT AUTO-DEPOSIT BPE "
        "BPE-NO-STOCK VOUCHER-BPE VOUCHER-BOOK-BPE",
    "EftTransactionState EFT-TRANSACTION-STATE- UNKNOWN PAID RECOVERED NOT-PAID PAID-MANUALLY "
        "REPRINT POS-AUTHORIZATION-STARTED POS-AUTHORIZATION-PAID POS-AUTHORIZATION-NOT-PAID "
        "PAID-OFFLINE",
    "ExternalPaymentReceiptTextType EXTERNAL-PAYMENT-RECEIPT-TEXT-TYPE- CARDHOLDER MERCHANT",
    "VatChange VAT-CHANGE- TAKE-OUT EAT-HERE CUSTOM-TAKE-OUT CUSTOM-EAT-HERE",
    "TimelineEventEntityType - ORDER INVOICE RECEIPT PROPOSAL CONTRACT PACKING-SLIP "
        "PURCHASE-ORDER PURCHASE-DELIVERY INTERBRANCH-ORDER INTERBRANCH-SHIPMENT "
        "INTERBRANCH-DELIVERY",
    "TimelineEventCategory - MAIL SIGNING DIRECT-DEBIT LIFE-CYCLE OTHER",
    "ContractPeriodCalculationMethod - INADVANCE AFTERWARDS QUARTERLY CURRENT PREV NEXT "
        "UNKNOWN",
    "GetOrderResult GET-ORDER-RESULT- OK NOT-FOUND",
    "CreateOrderResult CREATE-ORDER-RESULT- OK EXT-ORDER-ID-ALREADY-EXISTS FAILED "
        "PAYMENT-FAILED",
    "IdempotencyResult IDEMPOTENCY-RESULT- ORIGINAL-RESPONSE REPLAY-RESPONSE",
    "PayOrderResult PAY-ORDER-RESULT- OK FAILED ORDER-HAS-CHANGED PAYMENT-INSUFFICIENT "
        "ORDER-ALREADY-INVOICED",
    "VoucherRedeemPeriod - DAY WEEK MONTH YEAR",
    "UpdateOrderResult UPDATE-ORDER-RESULT- OK NOT-FOUND ORDER-HAS-CHANGED NO-CHANGES FAILED",
    "CancelOrderResult CANCEL-ORDER-RESULT- OK FAILED NOT-FOUND PENDING ALREADY-CANCELLED "
        "UNDO-CANCEL-OK",
    "DeliverOrderTurnoverType DELIVER-ORDER-TURNOVER-TYPE- INVOICE RECEIPT",
    "DeliverOrderResult DELIVER-ORDER-RESULT- OK ALREADY-DELIVERED FAILED",
    "DeliverOrderV2Result DELIVER-ORDER-V2-RESULT- OK ALREADY-DELIVERED FAILED",
    "PackingSlipType PACKING-SLIP-TYPE- UNKNOWN FROM-INVOICE PACKING-SLIP CASH-REGISTER",
    "PackingSlipState PACKING-SLIP-STATE- OPEN INVOICED CANCELLED",
    "InvoiceType INVOICE-TYPE- INVOICE DIRECT-INVOICE CREDIT-INVOICE REPEATING-INVOICE",
    "InvoiceState INVOICE-STATE- OUTSTANDING PARTLY-PAID PAID HANDLED OUTSTANDING-CREDIT",
    "GetInvoiceResult GET-INVOICE-RESULT- OK NOT-FOUND",
    "CreditInvoiceResult CREDIT-INVOICE-RESULT- OK FAILED NOT-FOUND",
    "CreditInvoiceV2Result CREDIT-INVOICE-V2-RESULT- OK FAILED NOT-FOUND",
    "ReceiptType RECEIPT-TYPE- RECEIPT CREDIT-RECEIPT CASH-INFLOW CASH-OUTFLOW "
        "PAYMENT-METHOD-TRANSFER",
    "ReceiptState RECEIPT-STATE- OUTSTANDING PARTLY-PAID PAID HANDLED OUTSTANDING-CREDIT",
    "GetReceiptResult GET-RECEIPT-RESULT- OK NOT-FOUND",
    "GetReceiptsByOrderResult GET-RECEIPTS-BY-ORDER-RESULT- OK NOT-FOUND",
    "JournalFilter JOURNAL-FILTER- RECEIPT INVOICE ORDER",
    "FinancialGroupType FINANCIAL-GROUP-TYPE- TURNOVER PAYMENT SUSPENSE-ACCOUNT CASH-INFLOW "
        "CASH-OUTFLOW BPE REFUNDABLE-DEPOSIT",
    "FinancialGroupSource FINANCIAL-GROUP-SOURCE- INVOICE RECEIPT ORDER",
    "ProposalType PROPOSAL-TYPE- PROPOSAL",
    "ProposalState PROPOSAL-STATE- OUTSTANDING ORDER INVOICE CANCELLED",
    "GetProposalResult GET-PROPOSAL-RESULT- OK NOT-FOUND",
    "SaveProposalResult SAVE-PROPOSAL-RESULT- OK NOT-FOUND PROPOSAL-HAS-CHANGED FAILED "
        "EXT-PROPOSAL-ID-ALREADY-EXISTS",
    "CancelProposalResult CANCEL-PROPOSAL-RESULT- OK FAILED NOT-FOUND",
    "CreateOrderFromProposalResult CREATE-ORDER-FROM-PROPOSAL-RESULT- OK NOT-FOUND FAILED",
    "CreateInvoiceFromProposalResult CREATE-INVOICE-FROM-PROPOSAL-RESULT- OK NOT-FOUND FAILED",
    "CourseType COURSE-TYPE- STANDARD BAR",
    "ArticleSpecialPrice PRICE- NORMAL FREE ASK-POSITIVE ASK-NEGATIVE ASK-POSITIVE-NO-POPUP "
        "ASK-NEGATIVE-NO-POPUP NOT-FOR-SALE BARCODE-PRICE NOT-SET NOT-FOR-SALE-VISIBLE",
    "LoadFileResult LOAD-FILE- OK NOT-REQUESTED NOT-FOUND NOT-PERMITTED UNKNOWN-ERROR",
    "DataType DATA-TYPE- STRING INT DECIMAL BOOL DATE DATETIME ARRAY MULTISELECTINT UNKNOWN "
        "TEXT-ARRAY",
    "NutritionalCharacteristicType NC-TYPE- ALLERGEN DIET-RESTRICTION",
    "NutritionalCharacteristicPresence NC-PRESENCE- UNKNOWN PRESENT NOT-PRESENT MAYBE",
    "ArticleAskFor ASK-FOR- NOTHING DESCRIPTION EXTRA DESCRIPTION-AND-EXTRA QUANTITY",
    "SpecialBehaviour - NONE INTAKE-ARTICLE",
    "CreateProductResult CREATE-PRODUCT-RESULT- OK FAILED FAILED-PRODUCT-NUMBER-ALREADY-TAKEN "
        "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN",
    "UpdateProductResult UPDATE-PRODUCT-RESULT- OK NOT-FOUND NOT-ALLOWED FAILED "
        "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN",
    "NewArticleGroupResult NEW-ARTICLE-GROUP-RESULT- OK PARENT-NOTFOUND FAILED",
    "UpdateArticleGroupResult SAVE-ARTICLE-GROUP-RESULT- OK NOT-FOUND FAILED",
    "DeleteArticleGroupResult DELETE-ARTICLE-GROUP-RESULT- OK NOTFOUND FAILED",
    "AddProductsToArticleGroupResult ADD-PRODUCTS-TO-ARTICLE-GROUP-RESULT- OK NOT-FOUND "
        "FAILED",
    "ReplaceProductsOfArticleGroupResult REPLACE-PRODUCTS-OF-ARTICLE-GROUP-RESULT- OK "
        "NOT-FOUND FAILED",
    "DeleteProductsFromArticleGroupResult DELETE-PRODUCTS-FROM-ARTICLE-GROUP-RESULT- OK "
        "NOT-FOUND FAILED",
    "StockHistoryType STOCK-HISTORY-TYPE- API CORRECTION DELIVERY INTERNAL-DELIVERY "
        "INTERNAL-SHIPMENT MANUAL SALES UNKNOWN",
    "SetStockResult SET-STOCK-RESULT- OK BRANCH-NOT-FOUND ARTICLE-NOT-FOUND NO-STOCK-ARTICLE "
        "FAILED",
    "UpdateStockResult UPDATE-STOCK-RESULT- OK BRANCH-NOT-FOUND ARTICLE-NOT-FOUND "
        "NO-STOCK-ARTICLE FAILED",
    "StockCorrectionType CORRECTION-TYPE- COUNT WRITE-OFF",
    "StockCorrectionMode STOCK-CORRECTION-MODE- ABSOLUTE RELATIVE",
    "SaveStockCorrectionsResult SAVE-STOCK-CORRECTIONS-RESULT- OK BRANCH-NOT-FOUND "
        "ARTICLE-NOT-FOUND NO-STOCK-ARTICLE NO-CORRECTIONS DUPLICATE-ARTICLE "
        "INVALID-PLANNED-CYCLE-COUNT-ID FAILED",
    "GetRelationResult GET-RELATION-RESULT- OK NOT-FOUND",
    "FindRelationResult FIND-RELATION-RESULT- OK NOT-FOUND",
    "CreateRelationResult CREATE-RELATION-RESULT- OK FAILED "
        "FAILED-RELATION-NUMBER-ALREADY-TAKEN",
    "UpdateRelationResult UPDATE-RELATION-RESULT- OK NOT-FOUND FAILED",
    "BpeBudgetPeriod - DAY WEEK MONTH YEAR",
    "BpeBudgetExceededAction - IGNORING WARNING BLOCKING",
    "BpeBudgetNoValueDefaultLimit - ZERO UNLIMITED",
    "GetEmployeeResult GET-EMPLOYEE-RESULT- OK NOT-FOUND",
    NULL,
};

const char *const schema_operations[] = {
    "addProductsToArticleGroup AddProductsToArticleGroupResponse "
        "request:AddProductsToArticleGroupRequest",
    "cancelOrder CancelOrderResponse orderId:str request?:CancelOrderRequest",
    "cancelOrderV2 CancelOrderResponse request:CancelOrderV2Request",
    "cancelProposal CancelProposalResponse proposalId:str",
    "createInvoiceFromProposal CreateInvoiceFromProposalResponse proposalId:str",
    "createOrder CreateOrderResponse order?:Order",
    "createOrderFromProposal CreateOrderFromProposalResponse proposalId:str",
    "createOrderV3 CreateOrderV3Response request:CreateOrderV3Request",
    "createProduct CreateProductResponse product:Product",
    "createRelation CreateRelationResponse relation?:Relation",
    "creditInvoice CreditInvoiceResponse invoiceId:str",
    "creditInvoiceV2 CreditInvoiceV2Response request:CreditInvoiceV2Request",
    "deleteArticleGroup DeleteArticleGroupResponse request:DeleteArticleGroupRequest",
    "deleteProductsFromArticleGroup DeleteProductsFromArticleGroupResponse "
        "request:DeleteProductsFromArticleGroupRequest",
    "deliverOrder DeliverOrderResponse request:DeliverOrderRequest",
    "deliverOrderV2 DeliverOrderV2Response request:DeliverOrderV2Request",
    "findInvoice GetInvoiceResponse extInvoiceId:str",
    "findOrder GetOrderResponse extOrderId:str",
    "findRelation FindRelationResponse relation?:Relation",
    "findRelationV2 FindRelationV2Response request:FindRelationV2Request",
    "getApiVersion getApiVersionResponse",
    "getArticleGroupChanges GetArticleGroupChangesResponse "
        "request:GetArticleGroupChangesRequest",
    "getArticleGroups GetArticleGroupsResponse request:GetArticleGroupsRequest",
    "getBranches getBranchesResponse",
    "getCardCategories GetCardCategoriesResponse",
    "getCashCountList GetCashCountListResponse request:GetCashCountListRequest",
    "getCurrentSyncMarkers getCurrentSyncMarkersResponse",
    "getCurrentSyncMarkersV2 GetCurrentSyncMarkersV2Response "
        "request:GetCurrentSyncMarkersV2Request",
    "getDeliveryMethods GetDeliveryMethodsResponse",
    "getDeliveryMethodsV2 GetDeliveryMethodsV2Response request:GetDeliveryMethodsV2Request",
    "getEmployee GetEmployeeResponse employeeNumber:long",
    "getEmployees GetEmployeesResponse request?:getEmployeesRequest",
    "getFinancialJournal GetFinancialJournalResponse request:GetFinancialJournalRequest",
    "getInvoice GetInvoiceResponse invoiceId:str",
    "getInvoices GetInvoicesResponse request:GetInvoicesRequest",
    "getJournals GetJournalsResponse request:GetJournalsRequest",
    "getOrder GetOrderResponse orderId:str",
    "getOrderCategories GetOrderCategoriesResponse",
    "getOrders GetOrdersResponse request:GetOrdersRequest",
    "getOrdersByExtOrderIds GetOrdersByExtOrderIdsResponse "
        "request:GetOrdersByExtOrderIdsRequest",
    "getPackingSlips GetPackingSlipsResponse request:GetPackingSlipsRequest",
    "getPackingSlipsByOrder GetPackingSlipsByOrderResponse "
        "request:GetPackingSlipsByOrderRequest",
    "getPaymentMethods GetPaymentMethodsResponse",
    "getPaymentMethodsV2 GetPaymentMethodsResponse request:GetPaymentMethodsRequest",
    "getProducts GetProductsResponse request:GetProductsRequest",
    "getProposal GetProposalResponse proposalId:str",
    "getProposals GetProposalsResponse request:GetProposalsRequest",
    "getReceipt GetReceiptResponse receiptId:str",
    "getReceipts GetReceiptsResponse request:GetReceiptsRequest",
    "getReceiptsByOrder GetReceiptsByOrderResponse orderId:str",
    "getRelation GetRelationResponse relationNumber:long",
    "getRelations GetRelationsResponse request?:GetRelationsRequest",
    "getStock GetStockResponse request:GetStockRequest",
    "getStockHistory GetStockHistoryResponse request:GetStockHistoryRequest",
    "getTurnoverGroups GetTurnoverGroupsResponse request:GetTurnoverGroupsRequest",
    "getVatGroupList getVatGroupListResponse",
    "newArticleGroup NewArticleGroupResponse request:NewArticleGroupRequest",
    "payOrder PayOrderResponse request:PayOrderRequest",
    "payOrderV2 PayOrderV2Response request:PayOrderV2Request",
    "replaceProductsOfArticleGroup ReplaceProductsOfArticleGroupResponse "
        "request:ReplaceProductsOfArticleGroupRequest",
    "saveProposal SaveProposalResponse proposal:Proposal",
    "saveStockCorrections SaveStockCorrectionsResponse request:SaveStockCorrectionsRequest",
    "setStock SetStockResponse request:SetStockRequest",
    "updateArticleGroup UpdateArticleGroupResponse request:UpdateArticleGroupRequest",
    "updateOrder UpdateOrderResponse order?:Order",
    "updateProduct UpdateProductResponse product:Product",
    "updateRelation UpdateRelationResponse relation?:Relation",
    "updateStock UpdateStockResponse request:UpdateStockRequest",
    NULL,
};
