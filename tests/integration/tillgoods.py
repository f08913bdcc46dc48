# SPDX-License-Identifier: MIT
"""Products, article groups and stock of the sandbox till; run by sandbox_till.py."""
from tilltest import done, pick, till


def products(shop, **filters):
    names = ("articleNumbers", "groupNumbers", "pluNumbers", "onlyWebshop", "onlyActive", "syncMarker",
             "syncMarkerLimit", "includeAllArticlesOfSelectedProducts", "productNumbers")
    filters.setdefault("pluNumbers", "")
    answer = pick(shop.call("getProducts", {"request": {n: filters[n] for n in names if n in filters}}), "productList")
    return answer["product"] if answer else []


def articles_in(found):
    return [a for p in found for a in pick(p, "articleList")["article"]]


def products_are_filtered_and_paged():
    shop = till()
    everything = products(shop)
    assert len(articles_in(everything)) == 80 and len(everything) == 70
    shirt = products(shop, productNumbers=[31])[0]
    assert len(articles_in([shirt])) == 6
    assert {(a["size"][0], a["colour"][0]) for a in articles_in([shirt])} >= {("S", "Rood"), ("L", "Blauw")}
    assert [a["articleNumber"] for a in articles_in(products(shop, articleNumbers=[32]))] == [["32"]]
    whole = products(shop, articleNumbers=[32], includeAllArticlesOfSelectedProducts=True)
    assert len(articles_in(whole)) == 6
    assert [a["articleNumber"] for a in articles_in(products(shop, pluNumbers={"text": [{"text": "12"}]}))] == [["12"]]
    assert {g for p in products(shop, groupNumbers=[6]) for g in p["groupNumbers"]} == {"6"}
    assert len(articles_in(products(shop, onlyActive=True))) == 78
    marker, seen = 0, []
    while True:
        page = products(shop, syncMarker=marker, syncMarkerLimit=9)
        if not page:
            break
        assert len(articles_in(page)) <= 9 or len(page) == 1
        seen += [a["articleNumber"][0] for a in articles_in(page)]
        marker = max(int(p["syncMarker"][0]) for p in page) + 1
    assert sorted(seen, key=int) == [str(n) for n in range(1, 81)], "every article once"
    assert len(articles_in(products(shop, syncMarkerLimit=1))) == 1
    done(shop)


def products_are_made_and_changed():
    shop = till()
    made = shop.call("createProduct", {"product": {"description": "Trui", "articleList": {"article": [
        {"articleNumber": 5001, "pluNumber": "AB-12", "colour": "Rood", "size": "S", "vatCode": 1, "priceIncl": 1210,
         "stockArticle": True},
        {"pluNumber": "AB-13", "turnoverGroup": 2, "priceExcl": 1000}]}, "groupNumbers": [6]}})
    assert made["result"] == ["CREATE-PRODUCT-RESULT-OK"], made
    number, own = made["productNumber"][0], made["articleNumbers"][1]
    found = articles_in(products(shop, productNumbers=[number]))
    assert [(a["priceIncl"][0], a["priceExcl"][0]) for a in found] == [("1210", "1000"), ("1090", "1000")], found
    taken = {"productNumber": number, "articleList": {"article": [{"description": "x"}]}}
    assert shop.result("createProduct", {"product": taken}) == "FAILED-PRODUCT-NUMBER-ALREADY-TAKEN"
    taken = {"description": "x", "articleList": {"article": [{"articleNumber": 5001}]}}
    assert shop.result("createProduct", {"product": taken}) == "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN"
    for wrong in ({"vatCode": 7}, {"turnoverGroup": 77}, {"supplierRelationNumber": 999}):
        assert shop.result("createProduct", {"product": {"description": "x", "articleList": {"article": [wrong]}}}) == \
            "FAILED"
    assert shop.result("createProduct", {"product": {"articleList": {"article": [{"vatCode": 1}]}}}) == "FAILED"
    assert shop.result("createProduct", {"product": {"groupNumbers": [6]}}) == "FAILED"
    empty = shop.call("createProduct", {"product": {"description": "Leeg"}})["productNumber"]
    assert products(shop, productNumbers=empty)[0]["description"] == ["Leeg"]
    assert not products(shop, productNumbers=empty, onlyActive=True)
    before = len(shop.state("products")["products"])
    changed = shop.call("updateProduct", {"product": {"productNumber": number, "articleList": {"article": [
        {"articleNumber": 5001, "barcode": "8712345678906", "priceIncl": 2420}, {"articleNumber": 5003}]}}})
    assert changed["existingArticleNumbers"] == ["5001"] and changed["newArticleNumbers"] == ["5003"]
    assert len(shop.state("products")["products"]) == before
    first = articles_in(products(shop, articleNumbers=[5001]))[0]
    assert (first["pluNumber"], first["colour"], first["priceExcl"]) == (["AB-12"], ["Rood"], ["2000"])
    assert shop.result("updateProduct", {"product": {"productNumber": 99999}}) == "NOT-FOUND"
    assert shop.result("updateProduct", {"product": {"productNumber": number, "articleList": {"article": [
        {"articleNumber": 1}]}}}) == "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN"
    same_plu = {"description": "y", "articleList": {"article": [{"pluNumber": "AB-12"}]}}
    shop.call("createProduct", {"product": same_plu})
    assert len(articles_in(products(shop, pluNumbers={"text": [{"text": "AB-12"}]}))) == 2
    assert int(own) > 80
    done(shop)


def groups_are_a_tree():
    shop = till()
    tree = pick(shop.call("getArticleGroups", {"request": {"retrieveArticleNumbers": True}}), "articleGroupList")
    names = [g["name"][0] for g in tree["articleGroups"]]
    assert "Eten & drinken" in names and "Verlopen" not in names
    marker = int(shop.call("getCurrentSyncMarkers")["articleGroupSyncMarker"][0])
    new = shop.call("newArticleGroup", {"request": {"parentGroupNumber": 5, "name": "Truien", "text": "Warm"}})
    number = int(new["groupNumber"][0])
    assert shop.result("newArticleGroup", {"request": {"parentGroupNumber": 99, "name": "x", "text": ""}}) == \
        "PARENT-NOTFOUND"
    assert shop.result("updateArticleGroup", {"request": {"groupNumber": number, "name": "Vesten"}}) == "OK"
    assert shop.result("updateArticleGroup", {"request": {"groupNumber": 99}}) == "NOT-FOUND"
    assert shop.result("updateArticleGroup", {"request": {"groupNumber": 5, "parentGroupNumber": number}}) == "FAILED"
    put = {"groupNumber": number, "productNumbers": {"number": [1, 2]}}
    assert shop.result("addProductsToArticleGroup", {"request": put}) == "OK"
    first = {"groupNumber": number, "position": 1, "productNumbers": {"number": [3]}}
    assert shop.result("addProductsToArticleGroup", {"request": first}) == "OK"
    group = [g for g in shop.state("article-groups")["article-groups"] if g["groupNumber"] == number][0]
    assert group["products"] == [3, 1, 2] and group["text"] == "Warm" and group["name"] == "Vesten"
    bad = {"groupNumber": number, "productNumbers": {"number": [9999]}}
    assert shop.result("addProductsToArticleGroup", {"request": bad}) == "FAILED"
    assert shop.result("deleteProductsFromArticleGroup", {"request": {"groupNumber": number, "productNumbers": {
        "number": [1]}}}) == "OK"
    assert shop.result("replaceProductsOfArticleGroup", {"request": {"groupNumber": number, "productNumbers": {
        "number": [7]}}}) == "OK"
    assert products(shop, groupNumbers=[number])[0]["productNumber"] == ["7"]
    assert shop.result("deleteArticleGroup", {"request": {"groupNumber": 5}}) == "OK"
    assert shop.result("deleteArticleGroup", {"request": {"groupNumber": 5}}) == "NOTFOUND"
    changes = pick(shop.call("getArticleGroupChanges", {"request": {"syncMarker": marker + 1}}),
                   "changedArticleGroupList")["changedArticleGroups"]
    assert {g["groupNumber"][0]: g["isDeleted"][0] for g in changes} == {"5": "true", "6": "true", str(number): "true"}
    done(shop)


def stock_is_corrected_all_or_nothing():
    shop = till()
    top = int(shop.call("getCurrentSyncMarkers")["stockId"][0])

    def correct(*rows, mode="ABSOLUTE", branch=1):
        return shop.call("saveStockCorrections", {"request": {
            "branchNumber": branch, "employeeNumber": 999999, "reference": "t", "stockCorrectionList": {"correction": [
                {"articleNumber": a, "amount": n, "decimalPlaces": p} for a, n, p in rows]},
            "correctionMode": f"STOCK-CORRECTION-MODE-{mode}"}})

    good = correct((1, 125, 2), (2, 7, 0))
    assert good["result"] == ["SAVE-STOCK-CORRECTIONS-RESULT-OK"] and int(good["stockId"][0]) == top + 2
    for rows, word, failed in (((1, 1, 0), (9999, 1, 0)), "ARTICLE-NOT-FOUND", "9999"), \
            (((1, 1, 0), (39, 1, 0)), "NO-STOCK-ARTICLE", "39"), (((2, 1, 0), (2, 1, 0)), "DUPLICATE-ARTICLE", "2"):
        bad = correct(*rows)
        assert bad["result"] == [f"SAVE-STOCK-CORRECTIONS-RESULT-{word}"] and bad["failedArticleNumber"] == [failed]
    assert correct(branch=1)["result"] == ["SAVE-STOCK-CORRECTIONS-RESULT-NO-CORRECTIONS"]
    assert correct((1, 1, 0), branch=5)["result"] == ["SAVE-STOCK-CORRECTIONS-RESULT-BRANCH-NOT-FOUND"]
    correct((2, -3, 0), mode="RELATIVE")
    changed = {"branchNumber": 1, "articleNumbers": "", "stockId": top + 1}
    rows = shop.call("getStock", {"request": changed})["articleStocks"]
    assert {r["articleNumber"][0]: (r["amountFree"][0], r["decimalPlacesFree"][0]) for r in rows} == {
        "1": ("125", "2"), "2": ("4", "0")}
    assert shop.result("setStock", {"request": {"branchNumber": 2, "articleNumber": 4, "amount": 15,
                                                "decimalPlaces": 1}}) == "OK"
    assert shop.result("updateStock", {"request": {"branchNumber": 2, "articleNumber": 4, "amountChanged": -1}}) == "OK"
    both = shop.call("getStock", {"request": {"branchNumber": 1, "articleNumbers": {"articleNumbers": [4]},
                                              "branchNumbers": {"branchNumber": [1, 2]}}})["articleStocks"]
    assert [r["branchNumber"][0] for r in both] == ["1", "2"] and both[1]["amountFree"] == ["5"]
    for request, word in (({"branchNumber": 9, "articleNumber": 4, "amount": 1}, "BRANCH-NOT-FOUND"),
                          ({"branchNumber": 1, "articleNumber": 9999, "amount": 1}, "ARTICLE-NOT-FOUND"),
                          ({"branchNumber": 1, "articleNumber": 39, "amount": 1}, "NO-STOCK-ARTICLE")):
        assert shop.result("setStock", {"request": request}) == word
    history = shop.call("getStockHistory", {"request": {"branchNumber": 1, "sinceStockId": top + 1,
                                                        "sinceStockIdLimit": 2}})["articleStockHistory"]
    assert [int(h["stockId"][0]) for h in history] == [top + 1, top + 2]
    assert history[0]["afterCorrectionQuantity"] == ["125"]
    done(shop)
