// SPDX-License-Identifier: MIT
// The types of orders, invoices, receipts, proposals, packing slips and journals, each as its
// name and its members in schema order; schema.c tells how to read them.
#include "schema.h"

const char *const schema_sales[] = {
    "SoapMplusDate day:int mon:int year:int",
    "SoapMplusDateTime sec:int min:int hour:int day:int mon:int year:int isdst:bool "
        "timezone:int",
    "GetCurrentSyncMarkersV2Request includeArticleSyncMarker?:bool "
        "includeArticleGroupSyncMarker?:bool includeRelationSyncMarker?:bool "
        "includeEmployeeSyncMarker?:bool includeInvoiceSyncMarker?:bool "
        "includeReceiptSyncMarker?:bool includeOrderSyncMarker?:bool "
        "includeProposalSyncMarker?:bool includeStockId?:bool "
        "includeTicketCounterSaleSyncMarker?:bool includePurchaseOrderSyncMarker?:bool "
        "includePurchaseDeliverySyncMarker?:bool includeRelationPointsSyncMarker?:bool "
        "includeCashDrawerBalancingSyncMarker?:bool includeActivitySyncMarker?:bool "
        "includePackingSlipSyncMarker?:bool includeDayStockConfigurationSyncMarker?:bool "
        "includePreparationMethodGroupSyncMarker?:bool "
        "includeArticleAlterationsGroupsSyncMarker?:bool "
        "includeArticleNutritionalCharacteristicsSyncMarker?:bool "
        "includeRelationNutritionalCharacteristicsSyncMarker?:bool "
        "includeBranchGroupSyncMarker?:bool",
    "GetOrdersRequest syncMarker?:long syncMarkerLimit?:int fromFinancialDate?:SoapMplusDate "
        "throughFinancialDate?:SoapMplusDate branchNumbers*:int employeeNumbers*:long "
        "relationNumbers*:long supplierRelationNumbers*:long articleNumbers*:long "
        "articleTurnoverGroups*:int articlePluNumbers:TextList articleBarcodes:TextList "
        "activityId?:str orderTypeList?:OrderTypeList orderIds*:str orderNumbers*:YearNumber "
        "ownerFilter?:OwnerLabelFilter branchGroupFilter?:BranchGroupFilter includeLineList?:bool "
        "contractFrequencyFilter?:ContractFrequencyList includeLastMailTimelineEvents?:bool "
        "lastMailTimelineEventsFilter?:TimelineEventSubFilter includeSigningTimelineEvents?:bool "
        "signingTimelineEventsFilter?:TimelineEventSubFilter includeOtherTimelineEvents?:bool "
        "otherTimelineEventsFilter?:TimelineEventSubFilter",
    "TextList text*:Text",
    "Text text:str",
    "OrderTypeList orderType*:OrderType",
    "YearNumber year:int number:long",
    "OwnerLabelFilter ownerLabels*:str",
    "BranchGroupFilter branchGroups*:int",
    "ContractFrequencyList contractFrequency*:ContractFrequency",
    "TimelineEventSubFilter ids?:IdList employeeNumbers?:EmployeeNumberList "
        "workplaceKeys?:WorkplaceIdentifierList apiIdents?:ApiIdentList "
        "types?:TimelineEventTypeList data?:JsonValueList from?:dateTime through?:dateTime",
    "IdList id*:str",
    "EmployeeNumberList employeeNumber*:long",
    "WorkplaceIdentifierList workplaceIdentifier*:WorkplaceIdentifier",
    "WorkplaceIdentifier branchNumber:int workplaceNumber:int",
    "ApiIdentList apiIdent*:str",
    "TimelineEventTypeList type*:TimelineEventType",
    "JsonValueList data*:str",
    "OrderList order*:Order",
    "Order orderId:str extOrderId?:str invoiceIds?:IdList extInvoiceIds?:IdList "
        "transactionString?:str syncMarker?:long orderType?:OrderType entryBranchNumber?:int "
        "entryExtBranchId?:str employeeNumber?:long employeeName?:str "
        "entryTimestamp?:SoapMplusDateTime relationNumber?:long relationName?:str "
        "relationCategoryId?:int relationBankAccountNumber?:str relationVatNumber?:str "
        "deliveryAddress?:Address invoiceAddress?:Address financialDate?:SoapMplusDate "
        "financialBranchNumber?:int financialExtBranchId?:str workplaceNumber?:int reference?:str "
        "activityId?:str totalInclAmount?:long totalExclAmount?:long vatMethod?:VatMethod "
        "vatGroupList?:VatGroupList deliveryMethod?:str deliveryDate?:SoapMplusDate "
        "deliveryPeriodBegin?:SoapMplusDateTime deliveryPeriodEnd?:SoapMplusDateTime "
        "paymentMethod?:str changeCounter?:int versionNumber?:int prepaidAmount?:long "
        "fullyPaid?:bool deliveryState?:OrderDeliveryState cancelState?:OrderCancelState "
        "completeState?:OrderCompleteState tableNumber?:int tableSubNumber?:int "
        "tableDescription?:str numberOfGuests?:int orderNumber?:YearNumber "
        "branchOrderNumber?:WorkplaceYearNumber orderBarcode?:str orderCategoryNumber?:int "
        "orderCategoryDescription?:str onDeliveryUrl?:str onInvoiceUrl?:str lineList?:LineList "
        "paymentList?:PaymentList vatChange?:VatChange vatCountryCode?:short vatCountryIso3?:str "
        "webhookSessionData?:WebhookSessionData cateringOrderNumber?:YearNumber "
        "invoiceNumbers?:YearNumberList packingSlipIds?:IdList packingSlipNumbers?:YearNumberList "
        "proposalId?:str extProposalId?:str proposalNumber?:YearNumber branchGroupNumber?:int "
        "ownerId?:str branchInvoiceNumbers?:TransactionNumberList "
        "timelineEvents?:TimelineEventList contractPeriod?:ContractPeriod",
    "Address addressId?:str name?:str contact?:str address?:str zipcode?:str city?:str "
        "country?:str label?:str companyName?:str supplierInformation?:str",
    "VatGroupList vatGroup*:VatGroup",
    "VatGroup branchNumber?:int extBranchId?:str countryCode?:short countryIso3?:str "
        "vatCode:int vatPercentage:long exclAmount?:long vatAmount?:long accountNumber?:int",
    "WorkplaceYearNumber branchNumber:int workplaceNumber:int year:int number:long",
    "LineList line*:Line",
    "Line lineId?:str employeeNumber?:long articleNumber:long pluNumber?:str text?:str "
        "supplierRelationNumber?:long supplierRelationName?:str supplierArticleNumber?:str "
        "data?:LineData courseNumber?:int menuHash?:str menuDescription?:str menuAmount?:long "
        "salePromotionData?:SalePromotionLineData webhookData?:WebhookLineData lineType?:LineType "
        "preparationList?:LineList suppressDisposableComponent?:bool tempId?:str "
        "retourReason?:str sequenceNumber?:int contractLines?:SalesLineContractLineList "
        "uncondensedLines?:LineList tempLineId?:str subLineType?:SubLineTypeV2 "
        "articleAlterationId?:int lineKind?:LineKind salesOrderLineId?:str",
    "LineData quantity:long decimalPlaces?:int deliveredQuantity?:long "
        "deliveredDecimalPlaces?:int cancelledQuantity?:long cancelledDecimalPlaces?:int "
        "price?:long priceExcl?:long originalPrice?:long originalPriceExcl?:long "
        "purchasePrice?:long averagePurchasePrice?:dec exchangeRateBuyPrice?:long "
        "exchangeRateBuyPriceDecimalPlaces?:int exchangeRateSellPrice?:long "
        "exchangeRateSellPriceDecimalPlaces?:int exchangeRateMultiplier?:int turnoverGroup?:int "
        "turnoverGroupName?:str turnoverGroupType?:TurnoverGroupType "
        "turnoverGroupAccountNumber?:int turnoverGroupCostCenter?:str vatCode?:int "
        "vatPercentage?:int pricePerQuantity?:int siUnit?:str discountType?:DiscountType "
        "discountPercentage?:int discountAmount?:long discountAmountExcl?:long bpeId?:str "
        "bpeDescription?:str bpeAmount?:long bpeAmountExcl?:long menuId?:str menuLinesId?:str "
        "totalInclAmount?:long totalExclAmount?:long priceType?:PriceType "
        "purchaseAccountNumber?:int stockAccountNumber?:int bpeAccordationEmployeeNumber?:long "
        "redeemedVoucherIssuanceId?:str pendingVoucherIssuanceStartTs?:dateTime",
    "SalePromotionLineData salePromotionId:str salePromotionLineId:str description?:str "
        "setNumber?:int",
    "WebhookLineData webhookLineId:str webhookConsumerId?:str "
        "webhookExternalDiscount?:WebhookExternalDiscount",
    "WebhookExternalDiscount discountId:str discountDescription:str webhookConsumerId:str "
        "discountPercentage?:int discountAmount?:int discountType?:str",
    "SalesLineContractLineList contractLine*:SalesLineContractLine",
    "SalesLineContractLine lineNumber:int articleNumber:long quantity:dec priceIncl:dec "
        "priceExcl:dec amountIncl:dec amountExcl:dec frequency:ContractFrequency startDate?:date",
    "PaymentList payment*:Payment",
    "Payment paymentId?:str financialDate?:SoapMplusDate entryTimestamp?:SoapMplusDateTime "
        "branchNumber?:int extBranchId?:str workplaceNumber?:int employeeNumber?:long "
        "employeeName?:str method:str description?:str amount:long "
        "paymentMethodType?:PaymentMethodType accountNumber?:int "
        "branchAccountNumberList?:BranchAccountNumberList "
        "eftTransactionDetails?:EftTransactionDetails giftcardNumber?:str externalPaymentId?:str "
        "externalPaymentTransactionDetails?:ExternalPaymentTransactionDetails "
        "externalReference?:str",
    "BranchAccountNumberList branchAccountNumber*:BranchAccountNumber",
    "BranchAccountNumber branchNumber:int extBranchId?:str accountNumber?:int "
        "purchaseAccountNumber?:int stockAccountNumber?:int",
    "EftTransactionDetails eftTransactionId:str txid:int amountCents:long "
        "timestampPos:SoapMplusDateTime timestampTerminal:SoapMplusDateTime terminalId:str "
        "transactionId:str cardNumber:str customerReceipt:EftReceipt customerReceiptCopies:int "
        "merchantReceipt:EftReceipt merchantReceiptCopies:int requireCustomerSignature:bool "
        "requireMerchantSignature:bool requireIdentification:bool eJournal:str eftDriver:str "
        "state:EftTransactionState employeeNumber:long authorizingEmployeeNumber:long",
    "EftReceipt line*:EftReceiptLine",
    "EftReceiptLine doubleHeight:bool doubleWidth:bool line:str",
    "ExternalPaymentTransactionDetails externalPaymentId:str amount:long "
        "externalTransactionReference:str receiptTexts*:ExternalPaymentReceiptText "
        "receiptFooters*:ExternalPaymentReceiptFooter cardType:str terminalId:str "
        "externalMethod:str",
    "ExternalPaymentReceiptText type?:ExternalPaymentReceiptTextType text:str "
        "requiresSignature?:bool",
    "ExternalPaymentReceiptFooter text:str textAfter:str "
        "barcode:ExternalPaymentReceiptBarcode printSeparate?:bool",
    "ExternalPaymentReceiptBarcode code:str codeType:str",
    "WebhookSessionData webhookSessionId:str",
    "YearNumberList yearNumber*:YearNumber",
    "TransactionNumberList transactionNumber*:TransactionNumber",
    "TransactionNumber displayString?:str branch:uint workplace?:uint number:YearNumber",
    "TimelineEventList event*:TimelineEvent",
    "TimelineEvent id?:str entity:TimelineEventEntity employeeNumber?:long "
        "workplaceKey?:WorkplaceIdentifier branchGroupId?:int ownerId?:str activityId?:str "
        "apiIdent?:str category:TimelineEventCategory type:TimelineEventType data?:str "
        "eventTs:dateTime createdTs?:dateTime",
    "TimelineEventEntity type:TimelineEventEntityType uuid?:str version?:int "
        "yearNumber?:YearNumber yearSubNumber?:YearNumberPart reference?:str",
    "YearNumberPart year:int number:long part:int",
    "ContractPeriod startDate?:date endDate?:date frequency:ContractFrequency "
        "contractPeriodCalculationMethod:ContractPeriodCalculationMethod description?:str",
    "GetOrdersByExtOrderIdsRequest syncMarker?:long syncMarkerLimit?:int extOrderIds?:IdList",
    "CreateOrderInfo orderId:str orderString:str orderQueued?:bool",
    "CreateOrderV3Request idempotencyKey:str order:Order applySalesAndActions?:bool "
        "applySalesPrices?:bool applyPriceGroups?:bool scannedVoucherIssuanceCodes*:str "
        "prepay?:bool paymentList?:PaymentList",
    "VoucherIssuanceList voucherIssuance*:VoucherIssuance",
    "VoucherIssuance id?:str scanCode?:str groupId?:str voucherId:VoucherId "
        "salesTurnoverId?:str salesIssuanceId?:str salesTurnoverLineId?:str "
        "salesIssuanceLineId?:str relationNumber?:long cancelled:bool startTs:dateTime "
        "endTs?:dateTime voucherIssuanceRedeems?:VoucherIssuanceRedeemList groupScanCode?:str "
        "resolvedScanCode?:str resolvedGroupScanCode?:str",
    "VoucherId id:str version?:int",
    "VoucherIssuanceRedeemList voucherIssuanceRedeem*:VoucherIssuanceRedeem",
    "VoucherIssuanceRedeem id:str voucherIssuanceId:str salesOrderId?:str "
        "salesIssuanceId?:str salesTurnoverId?:str salesOrderLineId?:str salesIssuanceLineId?:str "
        "salesTurnoverLineId?:str relationNumber?:long cancelled:bool redeemTs:dateTime",
    "UnappliedVoucherIssuanceList unappliedVoucherIssuance*:UnappliedVoucherIssuance",
    "UnappliedVoucherIssuance id:str voucherId:str canApplyResult:VoucherCanApplyResult "
        "quantity:int",
    "VoucherCanApplyResult recentRedeemCounts?:VoucherRedeemCountList noLine?:bool "
        "voucherNoArticleLine?:bool articleOutOfStock?:bool expired?:bool fullyRedeemed?:bool "
        "relationRequired?:bool recentlyRedeemed?:bool upcoming?:bool upcomingTs?:dateTime "
        "articleNotInButtonLayout?:bool",
    "VoucherRedeemCountList voucherRedeemCount*:VoucherRedeemCount",
    "VoucherRedeemCount period:VoucherRedeemPeriod count:int",
    "UpdateOrderInfo orderId:str orderString:str orderQueued?:bool",
    "CancelOrderRequest branchNumber?:int",
    "CancelOrderV2Request workplace:WorkplaceIdentifier employee:EmployeeIdentifier "
        "orderId:str",
    "EmployeeIdentifier employeeNumber:long",
    "PayOrderRequest orderId:str prepay:bool paymentList:PaymentList",
    "PayOrderV2Request idempotencyKey:str orderId:str prepay:bool paymentList:PaymentList",
    "DeliverOrderRequest orderId:str turnoverType?:DeliverOrderTurnoverType",
    "DeliverOrderV2Request orderDelivery:OrderDelivery",
    "OrderDelivery orderId:str lineList:OrderDeliveryLineList "
        "turnoverType?:DeliverOrderTurnoverType",
    "OrderDeliveryLineList line*:OrderDeliveryLine",
    "OrderDeliveryLine lineId:str quantity:long decimalPlaces?:int",
    "OrderCategory orderCategoryNumber:int orderCategoryDescription:str "
        "orderCategoryDependencyNumbers*:int allowCancel:bool allowProcess:bool",
    "GetPackingSlipsRequest syncMarker?:long syncMarkerLimit?:int "
        "fromFinancialDate?:SoapMplusDate throughFinancialDate?:SoapMplusDate branchNumbers*:int "
        "employeeNumbers*:long relationNumbers*:long supplierRelationNumbers*:long "
        "articleNumbers*:long articleTurnoverGroups*:int articlePluNumbers?:TextList "
        "articleBarcodes?:TextList activityId?:str packingSlipIds*:str "
        "packingSlipNumbers*:YearNumber ownerFilter?:OwnerLabelFilter "
        "branchGroupFilter?:BranchGroupFilter includeLineList?:bool typeFilter*:PackingSlipType",
    "PackingSlipList packingSlip*:PackingSlip",
    "PackingSlip packingSlipId:str packingSlipNumber?:YearNumber packingSlipBarcode?:str "
        "orderId?:str extOrderId?:str orderNumber?:YearNumber orderBarcode?:str invoiceId?:str "
        "extInvoiceId?:str invoiceNumber?:YearNumber invoiceBarcode?:str transactionString?:str "
        "syncMarker?:long employeeNumber?:long employeeName?:str "
        "entryTimestamp?:SoapMplusDateTime relationNumber?:long relationName?:str "
        "relationCategoryId?:int relationBankAccountNumber?:str relationVatNumber?:str "
        "deliveryAddress?:Address invoiceAddress?:Address financialDate?:SoapMplusDate "
        "financialBranchNumber?:int financialExtBranchId?:str workplaceNumber?:int "
        "entryBranchNumber?:int entryExtBranchId?:str reference?:str activityId?:str "
        "totalInclAmount?:long totalExclAmount?:long changeCounter?:int state?:PackingSlipState "
        "onInvoiceUrl?:str lineList?:LineList costCenter?:str orderCategoryNumber?:int "
        "packingSlipType?:PackingSlipType vatMethod?:VatMethod sessionId?:str proposalId?:str "
        "extProposalId?:str proposalNumber?:YearNumber branchGroupNumber?:int ownerId?:str "
        "branchInvoiceNumber?:TransactionNumber",
    "GetPackingSlipsByOrderRequest orderId:str",
    "GetInvoicesRequest syncMarker?:long syncMarkerLimit?:int "
        "fromFinancialDate?:SoapMplusDate throughFinancialDate?:SoapMplusDate branchNumbers*:int "
        "employeeNumbers*:long relationNumbers*:long supplierRelationNumbers*:long "
        "articleNumbers*:long articleTurnoverGroups*:int articlePluNumbers:TextList "
        "articleBarcodes:TextList activityId?:str finalizeInvoices?:bool invoiceIds*:str "
        "invoiceNumbers*:YearNumber ownerFilter?:OwnerLabelFilter "
        "branchGroupFilter?:BranchGroupFilter includeLineList?:bool "
        "branchInvoiceNumbers?:TransactionNumberList "
        "contractFrequencyFilter?:ContractFrequencyList directDebit?:bool "
        "includeLastMailTimelineEvents?:bool lastMailTimelineEventsFilter?:TimelineEventSubFilter "
        "includeSigningTimelineEvents?:bool signingTimelineEventsFilter?:TimelineEventSubFilter "
        "includeDirectDebitTimelineEvents?:bool "
        "directDebitTimelineEventsFilter?:TimelineEventSubFilter includeOtherTimelineEvents?:bool "
        "otherTimelineEventsFilter?:TimelineEventSubFilter",
    "InvoiceList invoice*:Invoice",
    "Invoice invoiceId?:str extInvoiceId?:str orderIds?:IdList extOrderIds?:IdList "
        "transactionString?:str syncMarker?:long invoiceNumber?:YearNumber invoiceBarcode?:str "
        "invoiceType?:InvoiceType employeeNumber?:long employeeName?:str "
        "entryTimestamp?:SoapMplusDateTime relationNumber?:long relationName?:str "
        "relationCategoryId?:int relationBankAccountNumber?:str relationVatNumber?:str "
        "deliveryAddress?:Address invoiceAddress?:Address financialDate?:SoapMplusDate "
        "financialBranchNumber?:int financialExtBranchId?:str workplaceNumber?:int "
        "entryBranchNumber?:int entryExtBranchId?:str reference?:str activityId?:str "
        "dueDate?:SoapMplusDate totalInclAmount?:long totalExclAmount?:long vatMethod?:VatMethod "
        "vatGroupList?:VatGroupList changeCounter?:int versionNumber?:int paidAmount?:long "
        "state?:InvoiceState finalized?:bool finalizedTimestamp?:SoapMplusDateTime "
        "lineList?:LineList paymentList?:PaymentList answerList?:AnswerList vatChange?:VatChange "
        "vatCountryCode?:short vatCountryIso3?:str costCenter?:str creditedInvoiceId?:str "
        "creditedReason?:str orderCategoryNumber?:int sessionId?:str orderNumbers?:YearNumberList "
        "packingSlipIds?:IdList packingSlipNumbers?:YearNumberList proposalIds?:IdList "
        "extProposalIds?:IdList proposalNumbers?:YearNumberList salesCategoryNumber?:int "
        "salesCategoryDescription?:str branchGroupNumber?:int ownerId?:str "
        "branchInvoiceNumber?:TransactionNumber invoiceReminder?:int targetInvoiceReminder?:int "
        "directDebit?:bool mailedTimestamp?:SoapMplusDateTime timelineEvents?:TimelineEventList "
        "contractPeriod?:ContractPeriod",
    "AnswerList answer*:Answer",
    "Answer questionId?:int questionText?:str answerText?:str",
    "CreditInvoiceV2Request invoiceId?:str financialDate?:SoapMplusDate explanation?:str",
    "GetReceiptsRequest syncMarker?:long syncMarkerLimit?:int "
        "fromFinancialDate?:SoapMplusDate throughFinancialDate?:SoapMplusDate branchNumbers*:int "
        "employeeNumbers*:long relationNumbers*:long supplierRelationNumbers*:long "
        "articleNumbers*:long articleTurnoverGroups*:int articlePluNumbers:TextList "
        "articleBarcodes:TextList activityId?:str includeOrderReferences?:bool "
        "ownerFilter?:OwnerLabelFilter branchGroupFilter?:BranchGroupFilter receiptIds*:str "
        "includeLineList?:bool includeLastMailTimelineEvents?:bool "
        "lastMailTimelineEventsFilter?:TimelineEventSubFilter includeSigningTimelineEvents?:bool "
        "signingTimelineEventsFilter?:TimelineEventSubFilter includeOtherTimelineEvents?:bool "
        "otherTimelineEventsFilter?:TimelineEventSubFilter",
    "ReceiptList receipt*:Receipt",
    "Receipt receiptId:str extReceiptId?:str orderIds?:IdList extOrderIds?:IdList "
        "transactionString?:str syncMarker?:long receiptNumber?:WorkplaceYearNumber "
        "receiptBarcode?:str receiptType:ReceiptType employeeNumber:long employeeName:str "
        "entryTimestamp:SoapMplusDateTime relationNumber?:long relationName?:str "
        "relationCategoryId?:int relationBankAccountNumber?:str financialDate:SoapMplusDate "
        "financialBranchNumber:int financialExtBranchId?:str workplaceNumber:int "
        "entryBranchNumber?:int entryExtBranchId?:str reference?:str activityId?:str "
        "totalInclAmount:long totalExclAmount:long vatMethod:VatMethod vatGroupList?:VatGroupList "
        "changeCounter?:int versionNumber?:int paidAmount:long state:ReceiptState "
        "lineList?:LineList paymentList?:PaymentList answerList?:AnswerList vatChange?:VatChange "
        "numberOfGuests?:int creditedReceiptId?:str tableNumber?:int tableSubNumber?:int "
        "salesCategoryNumber?:int salesCategoryDescription?:str branchGroupNumber?:int "
        "ownerId?:str timelineEvents?:TimelineEventList",
    "GetJournalsRequest fromFinancialDate:SoapMplusDate throughFinancialDate:SoapMplusDate "
        "branchNumbers*:int journalFilterList?:JournalFilterList reference?:str",
    "JournalFilterList journalFilter*:JournalFilter",
    "JournalList journal*:Journal",
    "Journal financialDate:SoapMplusDate journalFilterList?:JournalFilterList "
        "branchNumber:int extBranchId?:str turnoverGroupList?:TurnoverGroupList "
        "paymentList?:PaymentList vatGroupList?:VatGroupList",
    "TurnoverGroupList turnoverGroup*:TurnoverGroup",
    "TurnoverGroup turnoverGroupType:TurnoverGroupType turnoverGroup:int "
        "turnoverGroupName:str inclAmount?:long exclAmount?:long defaultAccountNumber?:int "
        "accountNumber?:int allowPointsDistribution?:bool allowPointsPayment?:bool "
        "allowDiscount?:bool branchAccountNumberList?:BranchAccountNumberList "
        "defaultPurchaseAccountNumber?:int purchaseAccountNumber?:int "
        "defaultStockAccountNumber?:int stockAccountNumber?:int defaultVatCode?:int "
        "branchCostCenterNumberList?:BranchCostCenterNumberList "
        "defaultTurnoverCostCenterNumber?:str turnoverCostCenterNumber?:str "
        "defaultPurchaseCostCenterNumber?:str purchaseCostCenterNumber?:str "
        "defaultStockCostCenterNumber?:str stockCostCenterNumber?:str topupPaymentId?:str "
        "quantityPerLabel?:int",
    "BranchCostCenterNumberList branchCostCenterNumber*:BranchCostCenterNumber",
    "BranchCostCenterNumber branchNumber:int extBranchId?:str turnoverCostCenterNumber?:str "
        "purchaseCostCenterNumber?:str stockCostCenterNumber?:str",
    "GetFinancialJournalRequest fromFinancialDate:SoapMplusDate "
        "throughFinancialDate:SoapMplusDate reference?:str",
    "FinancialGroupList financialGroup*:FinancialGroup",
    "FinancialGroup financialGroupType:FinancialGroupType "
        "financialGroupSource:FinancialGroupSource financialGroupNumber?:int "
        "financialGroupId?:str financialGroupName:str accountNumber:int branchNumber?:int "
        "extBranchId?:str workplaceNumbers*:int fromFinancialDate?:SoapMplusDate "
        "throughFinancialDate?:SoapMplusDate fromFinancialDateTime?:SoapMplusDateTime "
        "throughFinancialDateTime?:SoapMplusDateTime financialPeriodClosed?:bool quantity?:long "
        "decimalPlaces?:int inclAmount?:long exclAmount?:long purchaseAmount?:long "
        "vatGroupList?:VatGroupList purchaseAccountNumber?:int stockAccountNumber?:int "
        "turnoverGroupCostCenter?:str",
    "GetCashCountListRequest fromFinancialDate?:SoapMplusDate "
        "throughFinancialDate?:SoapMplusDate sinceCashCount?:WorkplaceYearNumber",
    "CashCountList cashCount*:CashCount",
    "CashCount cashCountId:str cashCountString?:str financialDate:SoapMplusDate "
        "entryTimestamp:SoapMplusDateTime branchNumber:int extBranchId?:str workplaceNumber:int "
        "extraWorkplaceNumbers*:int cashCountNumber:YearNumber versionNumber:int "
        "employeeNumber:long countingEmployeeNumber:long isFinalized?:bool "
        "shiftFirstReceiptId?:str shiftFirstTransaction:Transaction shiftLastReceiptId?:str "
        "shiftLastTransaction:Transaction "
        "cashCountExtraWorkplaceList?:CashCountExtraWorkplaceList "
        "cashCountLineList:CashCountLineList",
    "Transaction transactionId:str transactionString?:str financialDate:SoapMplusDate "
        "branchNumber:int extBranchId?:str workplaceNumber:int transactionNumber:YearNumber "
        "employeeNumber:long entryTimestamp:SoapMplusDateTime relationNumber?:long",
    "CashCountExtraWorkplaceList cashCountExtraWorkplace*:CashCountExtraWorkplace",
    "CashCountExtraWorkplace workplaceNumber:int shiftFirstReceiptId?:str "
        "shiftFirstTransaction?:Transaction shiftLastReceiptId?:str "
        "shiftLastTransaction?:Transaction",
    "CashCountLineList cashCountLine*:CashCountLine",
    "CashCountLine paymentMethod:str paymentMethodType?:PaymentMethodType accountNumber?:int "
        "startAmount:long addedAmount:long countedAmount:long depositedAmount:long "
        "differenceAmount:long differenceAccountNumber?:int endAmount:long "
        "depositPaymentMethod?:str depositPaymentMethodType?:PaymentMethodType "
        "depositAccountNumber?:int",
    "GetTurnoverGroupsRequest onlyActive?:bool",
    "GetProposalsRequest syncMarker?:long syncMarkerLimit?:int "
        "fromFinancialDate?:SoapMplusDate throughFinancialDate?:SoapMplusDate branchNumbers*:int "
        "employeeNumbers*:long relationNumbers*:long supplierRelationNumbers*:long "
        "articleNumbers*:long articleTurnoverGroups*:int articlePluNumbers?:TextList "
        "articleBarcodes?:TextList activityId?:str proposalIds*:str proposalNumbers*:YearNumber "
        "ownerFilter?:OwnerLabelFilter branchGroupFilter?:BranchGroupFilter includeLineList?:bool "
        "includeLastMailTimelineEvents?:bool lastMailTimelineEventsFilter?:TimelineEventSubFilter "
        "includeSigningTimelineEvents?:bool signingTimelineEventsFilter?:TimelineEventSubFilter "
        "includeOtherTimelineEvents?:bool otherTimelineEventsFilter?:TimelineEventSubFilter",
    "ProposalList proposal*:Proposal",
    "Proposal proposalId?:str extProposalId?:str orderId?:str extOrderId?:str invoiceId?:str "
        "extInvoiceId?:str transactionString?:str syncMarker?:long proposalNumber?:YearNumber "
        "proposalType?:ProposalType employeeNumber?:long employeeName?:str "
        "entryTimestamp?:SoapMplusDateTime relationNumber?:long relationName?:str "
        "relationCategoryId?:int relationBankAccountNumber?:str deliveryAddress?:Address "
        "invoiceAddress?:Address financialDate?:SoapMplusDate financialBranchNumber?:int "
        "financialExtBranchId?:str workplaceNumber?:int entryBranchNumber?:int "
        "entryExtBranchId?:str reference?:str activityId?:str totalInclAmount?:long "
        "totalExclAmount?:long vatMethod?:VatMethod vatGroupList?:VatGroupList changeCounter?:int "
        "state?:ProposalState lineList?:LineList vatChange?:VatChange orderCategoryNumber?:int "
        "orderNumber?:YearNumber packingSlipIds?:IdList packingSlipNumbers?:YearNumberList "
        "invoiceIds?:IdList extInvoiceIds?:IdList invoiceNumbers?:YearNumberList "
        "branchGroupNumber?:int ownerId?:str branchInvoiceNumbers?:TransactionNumberList "
        "timelineEvents?:TimelineEventList",
    "SaveProposalInfo proposalId:str proposalString:str proposalNumber?:YearNumber",
    "CreateOrderFromProposalInfo orderId:str orderString:str orderNumber?:YearNumber "
        "orderBarcode?:str",
    "CreateInvoiceFromProposalInfo invoiceId:str invoiceString:str invoiceNumber?:YearNumber "
        "invoiceBarcode?:str",
    NULL,
};

const char *const schema_sales_answers[] = {
    "getApiVersionResponse majorNumber:int minorNumber:int revisionNumber:int "
        "databaseMajorNumber?:int databaseMinorNumber?:int databaseRevisionNumber?:int "
        "serviceMajorNumber?:int serviceMinorNumber?:int serviceRevisionNumber?:int "
        "serviceBuildNumber?:int serviceDate?:SoapMplusDate serviceDateTime?:SoapMplusDateTime "
        "serviceProcessId?:int serviceHostname?:str serviceIpAddresses*:str "
        "serviceMinWorkerThreads?:int serviceMaxWorkerThreads?:int serverMajorNumber?:int "
        "serverMinorNumber?:int serverRevisionNumber?:int serverDate?:SoapMplusDate "
        "serverDateTime?:SoapMplusDateTime inDebugMode:bool isSlaveApi?:bool "
        "slaveApiType?:SlaveApiType slaveBranchNumber?:int slaveWorkplaceNumber?:int "
        "serviceVersionDisplayString?:str",
    "getCurrentSyncMarkersResponse articleSyncMarker:long articleGroupSyncMarker?:long "
        "relationSyncMarker:long employeeSyncMarker:long invoiceSyncMarker:long "
        "receiptSyncMarker:long orderSyncMarker:long proposalSyncMarker?:long stockId?:long "
        "ticketCounterSaleSyncMarker?:long purchaseOrderSyncMarker?:long "
        "purchaseDeliverySyncMarker?:long relationPointsSyncMarker?:long "
        "cashDrawerBalancingSyncMarker?:long activitySyncMarker?:long packingSlipSyncMarker?:long "
        "dayStockConfigurationSyncMarker?:long",
    "GetCurrentSyncMarkersV2Response articleSyncMarker?:long articleGroupSyncMarker?:long "
        "relationSyncMarker?:long employeeSyncMarker?:long invoiceSyncMarker?:long "
        "receiptSyncMarker?:long orderSyncMarker?:long proposalSyncMarker?:long stockId?:long "
        "ticketCounterSaleSyncMarker?:long purchaseOrderSyncMarker?:long "
        "purchaseDeliverySyncMarker?:long relationPointsSyncMarker?:long "
        "cashDrawerBalancingSyncMarker?:long activitySyncMarker?:long packingSlipSyncMarker?:long "
        "dayStockConfigurationSyncMarker?:long preparationMethodGroupSyncMarker?:long "
        "articleAlterationsGroupsSyncMarker?:long "
        "articleNutritionalCharacteristicsSyncMarker?:long "
        "relationNutritionalCharacteristicsSyncMarker?:long branchGroupSyncMarker?:long",
    "GetOrdersResponse orderList:OrderList",
    "GetOrderResponse result:GetOrderResult order?:Order",
    "GetOrdersByExtOrderIdsResponse orderList:OrderList",
    "CreateOrderResponse result:CreateOrderResult info:CreateOrderInfo errorMessage:str",
    "CreateOrderV3Response idempotencyResult:IdempotencyResult result:CreateOrderResult "
        "order?:Order errorMessage?:str info:CreateOrderInfo payResult?:PayOrderResult "
        "invoiceId?:str voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "UpdateOrderResponse result:UpdateOrderResult info:UpdateOrderInfo errorMessage:str",
    "CancelOrderResponse result:CancelOrderResult message:str",
    "PayOrderResponse result:PayOrderResult invoiceId?:str errorMessage:str "
        "voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "PayOrderV2Response idempotencyResult:IdempotencyResult result:PayOrderResult "
        "invoiceId?:str errorMessage:str voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "DeliverOrderResponse result:DeliverOrderResult packingSlipId?:str invoiceId?:str "
        "errorMessage:str voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "DeliverOrderV2Response result:DeliverOrderV2Result packingSlipId?:str invoiceId?:str "
        "errorMessage?:str voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "GetOrderCategoriesResponse orderCategory*:OrderCategory",
    "GetPackingSlipsResponse packingSlipList:PackingSlipList",
    "GetPackingSlipsByOrderResponse packingSlipList:PackingSlipList",
    "GetInvoicesResponse invoiceList:InvoiceList",
    "GetInvoiceResponse result:GetInvoiceResult invoice?:Invoice",
    "CreditInvoiceResponse result:CreditInvoiceResult message:str",
    "CreditInvoiceV2Response result?:CreditInvoiceV2Result",
    "GetReceiptsResponse receiptList:ReceiptList",
    "GetReceiptResponse result:GetReceiptResult receipt?:Receipt",
    "GetReceiptsByOrderResponse result:GetReceiptsByOrderResult receiptList:ReceiptList",
    "GetJournalsResponse journalList:JournalList",
    "GetFinancialJournalResponse financialGroupList:FinancialGroupList "
        "financialPeriodClosed?:bool",
    "GetCashCountListResponse cashCountList:CashCountList",
    "GetTurnoverGroupsResponse turnoverGroupList:TurnoverGroupList",
    "getVatGroupListResponse vatGroup*:VatGroup",
    "GetProposalsResponse proposalList:ProposalList",
    "GetProposalResponse result:GetProposalResult proposal?:Proposal",
    "SaveProposalResponse result:SaveProposalResult info:SaveProposalInfo errorMessage:str",
    "CancelProposalResponse result:CancelProposalResult message?:str",
    "CreateOrderFromProposalResponse result:CreateOrderFromProposalResult "
        "info?:CreateOrderFromProposalInfo errorMessage?:str "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    "CreateInvoiceFromProposalResponse result:CreateInvoiceFromProposalResult "
        "info?:CreateInvoiceFromProposalInfo errorMessage?:str "
        "voucherIssuances?:VoucherIssuanceList "
        "unappliedVoucherIssuances?:UnappliedVoucherIssuanceList",
    NULL,
};
