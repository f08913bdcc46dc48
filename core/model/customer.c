/* SPDX-License-Identifier: MIT
 * Completes a core customer: see customer.h for the rules. */
#include "model/customer.h"

#include <string.h>

#include "base/check_digit.h"
#include "base/country.h"
#include "base/cut.h"
#include "base/fact.h"
#include "base/fold.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* What shows nothing says nothing: a company of blanks is no company. */
static void drop_blanks(json_t *customer)
{
    static const char *const names[] = {"number", "name", "company", "contact", "email", "phone",
                                        "mobile", "vat_number", "coc_number", "iban", "street",
                                        "postcode", "city", "country"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = json_string_value(json_object_get(customer, names[i]));
        if (text && fold_is_blank(text))
            json_object_del(customer, names[i]);
    }
}

static int set_country(json_t *customer, const char *where, const struct model_facts *facts,
                       struct koppel_error *err)
{
    const char *text = text_of(customer, "country");
    const char *code = *text ? country_find(text) : facts_home(facts, "country");
    if (!code) {
        const char *near = country_nearest(text);
        err_reason(err, KOPPEL_E_REJECTED, "field.wrong",
                   "%scountry: unknown country \"%.*s\"%s%s%s: write its name in Dutch, German or "
                   "English, or its two letters of ISO 3166",
                   where, CUT(text, 60), near ? " (did you mean \"" : "", near ? near : "",
                   near ? "\"?)" : "");
        fact_add(err, "field", "country");
        return fact_add(err, "value", text);
    }
    return json_object_set_new(customer, "country", json_string(code)) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

static int check_iban(json_t *customer, const char *where, const struct model_facts *facts,
                      struct koppel_error *err)
{
    char why[CHECK_DIGIT_WHY_BYTES];
    const char *policy = facts_setting(facts, "wrong_iban");
    if (check_digit_iban(text_of(customer, "iban"), why) == 0)
        return 0;
    if (strcmp(policy, "park") == 0) {
        err_reason(err, KOPPEL_E_REJECTED, "field.wrong", "%siban: %s", where, why);
        return fact_add(err, "field", "iban");
    }
    bool drop = strcmp(policy, "drop") == 0;
    facts_note(facts, json_sprintf("%siban: %s; it is %s", where, why, drop ? "left out" : "sent"));
    if (drop)
        json_object_del(customer, "iban");
    return 0;
}

int customer_complete(json_t *customer, const char *where, const struct model_facts *facts,
                      struct koppel_error *err)
{
    drop_blanks(customer);
    return set_country(customer, where, facts, err) == 0
               ? check_iban(customer, where, facts, err) : -1;
}
