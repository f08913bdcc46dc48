// SPDX-License-Identifier: MIT
// The types of products, article groups, stock, relations and choices; see schema.c.
#include "schema.h"

const char *const schema_goods[] = {
    "CardCategoryList cardCategory*:CardCategory",
    "CardCategory categoryId:int name:str isVipGroup:bool isSupplierGroup:bool",
    "GetProductsRequest articleNumbers*:long groupNumbers*:int pluNumbers:TextList "
        "onlyWebshop?:bool onlyActive?:bool syncMarker?:long syncMarkerLimit?:int "
        "syncMarkerExcludePreparationMethods?:bool changedSinceTimestamp?:SoapMplusDateTime "
        "changedSinceBranchNumber?:int includeAllArticlesOfSelectedProducts?:bool "
        "productNumbers*:long",
    "ProductList product*:Product",
    "Product productNumber?:long syncMarker?:long description?:str extraText?:str "
        "articleList?:ArticleList groupNumbers*:int sortOrderGroupList?:SortOrderGroupList",
    "ArticleList article*:Article",
    "Article articleNumber?:long extArticleId?:str pluNumber?:str syncMarker?:long "
        "changeTimestamp?:SoapMplusDateTime createTimestamp?:SoapMplusDateTime active?:bool "
        "description?:str colour?:str colourSequenceNumber?:int size?:str sizeSequenceNumber?:int "
        "invoiceText?:str receiptText?:str displayText?:str barcode?:str "
        "barcodeDate?:SoapMplusDate contentUnit?:str contentQuantity?:long "
        "contentQuantityDecimalPlaces?:int brandName?:str extraText?:str turnoverGroup?:int "
        "vatCode?:int vatPercentage?:int vatCodeAlternative?:int vatPercentageAlternative?:int "
        "averagePurchasePrice?:long purchasePrice?:long priceIncl?:long priceExcl?:long "
        "siUnit?:str unit?:str orderQuantityValue?:long orderQuantityDecimalPlaces?:int "
        "supplierRelationNumber?:long supplierRelationName?:str supplierArticleNumber?:str "
        "webshop?:bool categoryId?:int categoryIds?:CategoryIdSet stockArticle?:bool "
        "articleDiscountGroupNumber?:int articleDiscountGroupName?:str course?:Course "
        "specialPrice?:ArticleSpecialPrice showPreparationMethodsDirectly?:bool "
        "showPreparationMethodsPerGroup?:bool exchangeRateBuyPrice?:long "
        "exchangeRateBuyPriceDecimalPlaces?:int exchangeRateSellPrice?:long "
        "exchangeRateSellPriceDecimalPlaces?:int exchangeRateMultiplier?:int imageList?:ImageList "
        "customFieldList?:CustomFieldList salesPriceList?:SalesPriceList "
        "priceGroupList?:PriceGroupList preparationMethodList?:PreparationMethodList "
        "componentArticleList?:ComponentArticleList linkedArticleList?:LinkedArticleList "
        "barcodeList?:BarcodeList relationArticleDiscountList?:RelationArticleDiscountList "
        "askFor?:ArticleAskFor nutritionalCharacteristics?:NutritionalCharacteristics "
        "discontinued?:bool stockSiUnit?:str specialBehaviour?:SpecialBehaviour "
        "ageCheckMinimumAge?:int oldestBestBeforeDate?:date shelfLifeInDays?:int "
        "shelfLifeInHours?:int priceDeviationMin?:dec priceDeviationMax?:dec "
        "availableForInterbranchOrdering?:bool",
    "CategoryIdSet category*:int",
    "Course number:int name:str abbreviation:str sequenceNumber?:int isPresent?:bool "
        "isRequested?:bool requestedAt?:dateTime isTableSet?:bool tableSetAt?:dateTime "
        "isWineServed?:bool wineServedAt?:dateTime type:CourseType doSetTable:bool "
        "canBeServedWithWine:bool",
    "ImageList image*:Image",
    "Image imageId:long imageName:str imageHash:str imagePath:str imageUrl:str "
        "imageData:base64 imageDataResult:LoadFileResult thumbHash:str thumbPath:str thumbUrl:str "
        "thumbData:base64 thumbDataResult:LoadFileResult imageWidth:int imageHeight:int "
        "thumbWidth:int thumbHeight:int createdTimestamp:SoapMplusDateTime "
        "changedTimestamp:SoapMplusDateTime",
    "CustomFieldList customField*:CustomField",
    "CustomField fieldName:str dataType?:DataType isRequired?:bool strValue?:str "
        "intValue?:long decimalPlaces?:int boolValue?:bool dateValue?:SoapMplusDate "
        "dateTimeValue?:SoapMplusDateTime multiSelectInt*:int",
    "SalesPriceList salesPrice*:SalesPrice",
    "SalesPrice salesPriceNumber:int description?:str startDate?:SoapMplusDate "
        "endDate?:SoapMplusDate priceIncl?:long priceExcl?:long discountPercentage?:int "
        "minimumAmount?:int",
    "PriceGroupList priceGroup*:PriceGroup",
    "PriceGroup priceGroupNumber:int description?:str priceIncl?:long priceExcl?:long "
        "discountPercentage?:int minimumAmount?:int",
    "PreparationMethodList preparationMethod*:PreparationMethod",
    "PreparationMethod articleNumber?:long description:str priceIncl?:long priceExcl?:long "
        "vatCode?:int vatPercentage?:int vatCodeAlternative?:int vatPercentageAlternative?:int "
        "syncMarker?:long closeAfterSelection:bool groupNumber?:int groupName?:str "
        "maxOneSelection:bool selectionRequired:bool "
        "nutritionalCharacteristics?:NutritionalCharacteristics selectionRangeMin?:int "
        "selectionRangeMax?:int",
    "NutritionalCharacteristics allergenList?:AllergenList "
        "dietRestrictionList?:DietRestrictionList",
    "AllergenList allergen*:NutritionalCharacteristic",
    "NutritionalCharacteristic id?:int name?:str abbreviation?:str "
        "type?:NutritionalCharacteristicType isPresent?:bool "
        "presence?:NutritionalCharacteristicPresence sourceNumber?:long",
    "DietRestrictionList dietRestriction*:NutritionalCharacteristic",
    "ComponentArticleList componentArticle*:ComponentArticle",
    "ComponentArticle articleNumber?:long quantity?:long decimalPlaces?:int description?:str "
        "invoiceText?:str receiptText?:str displayText?:str barcode?:str "
        "barcodeDate?:SoapMplusDate contentUnit?:str contentQuantity?:long "
        "contentQuantityDecimalPlaces?:int turnoverGroup?:int vatCode?:int vatPercentage?:int "
        "vatCodeAlternative?:int vatPercentageAlternative?:int purchasePrice?:long "
        "priceIncl?:long priceExcl?:long linkedArticleList?:LinkedArticleList",
    "LinkedArticleList linkedArticle*:LinkedArticle",
    "LinkedArticle articleNumber:long quantity:long decimalPlaces?:int",
    "BarcodeList barcode*:Barcode",
    "Barcode barcodeId?:long description?:str barcode?:str barcodeDate?:SoapMplusDate "
        "quantity?:long decimalPlaces?:int contentUnit?:str contentQuantity?:long "
        "contentQuantityDecimalPlaces?:int purchasePrice?:long priceIncl?:long priceExcl?:long "
        "isCurrent?:bool",
    "RelationArticleDiscountList relationArticleDiscount*:RelationArticleDiscount",
    "RelationArticleDiscount relationArticleDiscountId?:long relationNumber?:long "
        "articleNumber?:long articleDiscountGroupNumber?:int minimumAmount?:long "
        "minimumAmountDecimalPlaces?:int discountPercentage?:int priceIncl?:long priceExcl?:long",
    "SortOrderGroupList sortOrderGroup*:SortOrderGroup",
    "SortOrderGroup groupNumber:int sortOrder:int",
    "GetArticleGroupsRequest syncMarker?:long syncMarkerLimit?:int groupNumbers*:int "
        "retrieveArticleNumbers?:bool",
    "ArticleGroupList articleGroups*:ArticleGroup",
    "ArticleGroup groupNumber:int syncMarker?:long name:str text:str "
        "subGroupList:ArticleGroupList sortOrder:int productNumbers?:NumberList image?:Image "
        "articleNumbers?:NumberList isDeleted?:bool",
    "NumberList number*:long",
    "GetArticleGroupChangesRequest syncMarker?:long syncMarkerLimit?:int groupNumbers*:int",
    "ChangedArticleGroupList changedArticleGroups*:ChangedArticleGroup",
    "ChangedArticleGroup groupNumber:int parentGroupNumber?:int syncMarker?:long name:str "
        "text:str subGroupNumbers?:NumberList sortOrder:int productNumbers?:NumberList "
        "image?:Image isDeleted?:bool",
    "NewArticleGroupRequest parentGroupNumber:int name:str text:str sortOrder?:int "
        "imageId?:long",
    "UpdateArticleGroupRequest groupNumber:int name?:str text?:str sortOrder?:int "
        "imageId?:long parentGroupNumber?:int",
    "DeleteArticleGroupRequest groupNumber:int",
    "AddProductsToArticleGroupRequest groupNumber:int position?:int productNumbers:NumberList",
    "ReplaceProductsOfArticleGroupRequest groupNumber:int productNumbers:NumberList",
    "DeleteProductsFromArticleGroupRequest groupNumber:int productNumbers?:NumberList "
        "removeAll?:bool",
    "GetStockRequest branchNumber:int articleNumbers:ArticleNumberList stockId?:long "
        "dayStockOnlyFilter?:bool branchNumbers?:BranchNumberList",
    "ArticleNumberList articleNumbers*:long",
    "BranchNumberList branchNumber*:int",
    "ArticleStock branchNumber?:int articleNumber:long changeTimestamp?:SoapMplusDateTime "
        "stockId:long amountFree:long decimalPlacesFree?:int amountReserved:long "
        "decimalPlacesReserved?:int amountIncoming:long decimalPlacesIncoming?:int "
        "ownAmountFree?:dec ownAmountReserved?:dec ownAmountIncoming?:dec "
        "subArticle*:ArticleStock isDayStockArticle:bool",
    "GetStockHistoryRequest branchNumber:int articleNumbers?:ArticleNumberList "
        "fromFinancialDateTime?:SoapMplusDateTime throughFinancialDateTime?:SoapMplusDateTime "
        "sinceStockId?:long sinceStockIdLimit?:int",
    "ArticleStockHistory stockId:long timestamp:SoapMplusDateTime branchNumber?:int "
        "articleNumber:long amountChanged:long decimalPlaces?:int type:StockHistoryType "
        "orderId?:str packingSlipId?:str invoiceId?:str invoiceNumber?:YearNumber "
        "invoiceBarcode?:str receiptId?:str receiptNumber?:WorkplaceYearNumber "
        "receiptBarcode?:str correctionNumber?:YearNumber beforeCorrectionQuantity?:long "
        "beforeCorrectionDecimalPlaces?:int afterCorrectionQuantity?:long "
        "afterCorrectionDecimalPlaces?:int deliveryNumber?:YearNumber "
        "internalShipmentNumber?:YearNumber internalDeliveryNumber?:YearNumberPart "
        "branchInvoiceNumber?:TransactionNumber",
    "SetStockRequest branchNumber:int articleNumber:long amount:long decimalPlaces?:int "
        "employeeNumber?:long reference?:str",
    "UpdateStockRequest branchNumber:int articleNumber:long amountChanged:long "
        "decimalPlaces?:int employeeNumber?:long reference?:str",
    "SaveStockCorrectionsRequest branchNumber:int employeeNumber:long reference:str "
        "stockCorrectionList:StockCorrectionList correctionType?:StockCorrectionType "
        "correctionMode?:StockCorrectionMode reason?:str plannedCycleCountId?:str",
    "StockCorrectionList correction*:StockCorrection",
    "StockCorrection articleNumber:long amount:long decimalPlaces?:int",
    "GetRelationsRequest relationNumbers*:long categoryId?:int syncMarker?:long "
        "syncMarkerLimit?:int",
    "RelationList relation*:Relation",
    "Relation relationNumber?:long extRelationId?:str syncMarker?:long "
        "createTimestamp?:SoapMplusDateTime changeTimestamp?:SoapMplusDateTime active?:bool "
        "name?:str address?:str zipcode?:str city?:str country?:str deliveryAddress?:str "
        "deliveryZipcode?:str deliveryCity?:str deliveryCountry?:str contact?:str telephone?:str "
        "mobile?:str email?:str website?:str birthDate?:SoapMplusDate relationCode?:str "
        "points?:int balance?:long priceGroupNumber?:int discountPercentage?:int categoryId?:int "
        "categoryIds?:CategoryIdSet cardNumber?:str bankAccountNumber?:str creditLimit?:long "
        "paymentWithinDays?:int vatNumber?:str commerceNumber?:str extraText?:str "
        "defaultVatMethod?:VatMethod neverPrintOrEmailReceipt?:bool alwaysPrintReceipt?:bool "
        "alwaysPrintLargeFormatReceipt?:bool alwaysEmailReceipt?:bool "
        "condenseCombinedInvoice?:bool imageList?:ImageList customFieldList?:CustomFieldList "
        "contactList?:RelationList relationArticleDiscountList?:RelationArticleDiscountList "
        "companyName?:str branchesNonPurchasable*:int cardNumbers*:str invoiceCredit?:dec "
        "accountBalance?:dec salePromotionIds?:IdList directDebit?:bool reminderEmail?:str "
        "canEarnPoints?:bool canRedeemPoints?:bool cantRedeemPointsReason?:str",
    "FindRelationV2Request relation:Relation exactMatch?:bool",
    "PaymentMethodList paymentMethod*:PaymentMethod",
    "PaymentMethod method:str description:str buttonText:str allowNegativeAmount:bool "
        "active?:bool type?:PaymentMethodType accountNumber?:int "
        "branchAccountNumberList?:BranchAccountNumberList depositPaymentMethod?:str "
        "hasExternalPaymentWebhook?:bool bpeConfiguration?:BpeConfiguration "
        "giftcardType?:GiftcardType",
    "BpeConfiguration employeeBudgetsConfigured:bool budgetPeriod:BpeBudgetPeriod "
        "budgetExceededAction:BpeBudgetExceededAction "
        "budgetDefaultLimit:BpeBudgetNoValueDefaultLimit",
    "GiftcardType cardTypeId:str name:str sequenceNumber:int isDeleted:bool "
        "turnoverGroupNumber:int paymentMethodId:str monthsValid?:int nonStandardValue:bool "
        "issuable:bool reloadable:bool redeemable:bool restitutable:bool personalizable:bool "
        "branchNumbers*:int availableValues*:long maximumBalance?:long minimumBalance?:long",
    "GetPaymentMethodsRequest accountNumber?:int paymentMethodTypes*:PaymentMethodType "
        "includeBpeConfiguration?:bool includeGiftcardType?:bool",
    "DeliveryMethodList deliveryMethod*:DeliveryMethod",
    "DeliveryMethod deliveryMethod:str description:str buttonText:str enabled?:bool",
    "GetDeliveryMethodsV2Request onlyEnabled?:bool",
    "BranchList branch*:Branch",
    "Branch branchNumber:int branchName:str relationNumber?:long abbreviation:str "
        "extBranchId?:str isFullSlave?:bool priceGroupNumber?:int workplaces?:WorkplaceList "
        "countryCode:int countryIso3:str countryName:str",
    "WorkplaceList workplace*:Workplace",
    "Workplace workplaceNumber:int workplaceName:str isMobile:bool workplaceType?:str "
        "isSlave?:bool lastSlaveSync?:SoapMplusDateTime priceGroupNumber?:int extWorkplaceId?:str",
    "getEmployeesRequest employeeNumbers*:long syncMarker?:long syncMarkerLimit?:int",
    "EmployeeList employee*:Employee",
    "Employee employeeNumber?:long extEmployeeId?:str syncMarker?:long "
        "createTimestamp?:SoapMplusDateTime changeTimestamp?:SoapMplusDateTime name?:str "
        "username?:str password?:str birthDate?:SoapMplusDate phoneWork?:str phoneHome?:str "
        "phoneMobile?:str email?:str bankAccountNumber?:str bankName?:str rfid?:long "
        "extraText?:str active?:bool categoryId?:int category?:str categoryIds?:CategoryIdSet "
        "personNumber?:str customFieldList?:CustomFieldList",
    NULL,
};

const char *const schema_goods_answers[] = {
    "GetCardCategoriesResponse articleCardCategoryList?:CardCategoryList "
        "employeeCardCategoryList?:CardCategoryList relationCardCategoryList?:CardCategoryList",
    "GetProductsResponse productList:ProductList",
    "CreateProductResponse result:CreateProductResult productNumber:long articleNumbers*:long "
        "changeTimestamp?:SoapMplusDateTime syncMarker?:long errorMessage:str",
    "UpdateProductResponse result:UpdateProductResult existingArticleNumbers*:long "
        "newArticleNumbers*:long changeTimestamp?:SoapMplusDateTime syncMarker?:long "
        "errorMessage:str",
    "GetArticleGroupsResponse articleGroupList:ArticleGroupList",
    "GetArticleGroupChangesResponse changedArticleGroupList:ChangedArticleGroupList",
    "NewArticleGroupResponse result:NewArticleGroupResult groupNumber:int",
    "UpdateArticleGroupResponse result:UpdateArticleGroupResult",
    "DeleteArticleGroupResponse result:DeleteArticleGroupResult",
    "AddProductsToArticleGroupResponse result:AddProductsToArticleGroupResult",
    "ReplaceProductsOfArticleGroupResponse result:ReplaceProductsOfArticleGroupResult",
    "DeleteProductsFromArticleGroupResponse result:DeleteProductsFromArticleGroupResult",
    "GetStockResponse articleStocks*:ArticleStock",
    "GetStockHistoryResponse articleStockHistory*:ArticleStockHistory",
    "SetStockResponse result:SetStockResult stockId?:long",
    "UpdateStockResponse result:UpdateStockResult stockId?:long",
    "SaveStockCorrectionsResponse result:SaveStockCorrectionsResult stockId?:long "
        "failedArticleNumber?:long",
    "GetRelationsResponse relationList:RelationList",
    "GetRelationResponse result:GetRelationResult relation:Relation",
    "FindRelationResponse result:FindRelationResult relation?:Relation",
    "FindRelationV2Response result:FindRelationResult relation?:Relation",
    "CreateRelationResponse result:CreateRelationResult relationNumber:long "
        "changeTimestamp?:SoapMplusDateTime syncMarker?:long errorMessage:str",
    "UpdateRelationResponse result:UpdateRelationResult errorMessage:str "
        "changeTimestamp?:SoapMplusDateTime syncMarker?:long",
    "GetPaymentMethodsResponse paymentMethodList:PaymentMethodList",
    "GetDeliveryMethodsResponse deliveryMethodList:DeliveryMethodList",
    "GetDeliveryMethodsV2Response deliveryMethodList:DeliveryMethodList",
    "getBranchesResponse branches:BranchList",
    "GetEmployeesResponse employeeList:EmployeeList",
    "GetEmployeeResponse result:GetEmployeeResult employee?:Employee",
    NULL,
};
