// SPDX-License-Identifier: MIT
// What is posted to the sandbox's books: checked in full, then stored, unless validateOnly.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "asperion_parts.h"

#define TEXT_MAX 255
#define MONEY_MAX 100000000000 // cents
#define VAT_TOLERANCE 5        // cents, per VAT code
#define TOTALS_MAX 16

// ---- Collecting mistakes ----------------------------------------------------------------------

struct checks {
    const struct call *call;
    json_t *errors;
};

static void mistake(struct checks *k, const char *field, const char *en, const char *nl)
{
    char name[96];
    snprintf(name, sizeof name, "%s", field);
    name[0] = (char)toupper((unsigned char)name[0]);
    json_t *list = json_object_get(k->errors, name);
    if (!list) {
        json_object_set_new(k->errors, name, json_array());
        list = json_object_get(k->errors, name);
    }
    json_array_append_new(list, json_string(k->call->dutch ? nl : en));
}

static int checks_answer(struct checks *k)
{
    return answer_problem(k->call->req, k->call->reply, 400, "See errors for the values that are wrong.",
                          "Zie errors voor de onjuiste gegevens.", k->errors);
}

enum kind { KIND_TEXT, KIND_INTEGER, KIND_MONEY, KIND_BOOLEAN, KIND_TIME, KIND_COLLECTION,
            KIND_READ_ONLY, KIND_ANY };

struct member {
    const char *name;
    enum kind kind;
    bool required, nullable;
};

// A number as cents; false where it has more than two decimals or is no number. A double keeps 15
// significant digits, so what was written comes back exactly when printed with 15.
static bool cents(const json_t *value, int64_t *out)
{
    char text[64];
    if (json_is_integer(value)) {
        *out = json_integer_value(value) * 100;
        return llabs(json_integer_value(value)) <= MONEY_MAX / 100;
    }
    if (!json_is_real(value))
        return false;
    snprintf(text, sizeof text, "%.15g", json_real_value(value));
    const char *p = text + (text[0] == '-');
    int64_t units = 0;
    int places = -1;
    for (; *p; p++) {
        if (*p == '.' && places < 0) {
            places = 0;
        } else if (isdigit((unsigned char)*p) && places < 2 && units <= MONEY_MAX) {
            units = units * 10 + (*p - '0');
            places += places >= 0;
        } else {
            return false;
        }
    }
    for (int i = places < 0 ? 0 : places; i < 2; i++)
        units *= 10;
    *out = text[0] == '-' ? -units : units;
    return units <= MONEY_MAX;
}

static bool time_valid(const char *text)
{
    int y, mo, d, h = 0, mi = 0, s = 0, used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &y, &mo, &d, &used) != 3 || used != 10)
        return false;
    if (text[10]) {
        int more = 0;
        if (sscanf(text + 10, "T%2d:%2d:%2d%n", &h, &mi, &s, &more) != 3 || text[10 + more])
            return false;
    }
    struct tm tm = {.tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d, .tm_hour = 12};
    timegm(&tm);
    return y >= 1900 && tm.tm_mon == mo - 1 && tm.tm_mday == d && h < 24 && mi < 60 && s < 60;
}

static bool value_fits(enum kind kind, const json_t *value)
{
    int64_t unused;
    switch (kind) {
    case KIND_TEXT: return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
    case KIND_INTEGER: return json_is_integer(value);
    case KIND_MONEY: return cents(value, &unused);
    case KIND_BOOLEAN: return json_is_boolean(value);
    case KIND_TIME: return json_is_string(value) && time_valid(json_string_value(value));
    case KIND_COLLECTION: return json_is_object(value) && json_is_array(json_object_get(value, "_data"));
    default: return true;
    }
}

static const char *const wrong_en[] = {"must be text of at most 255 bytes", "must be an integer",
                                       "must be a number with at most 2 decimals", "must be true or false",
                                       "must be a date-time YYYY-MM-DDTHH:MM:SS",
                                       "must be an object with a _data array"};
static const char *const wrong_nl[] = {"moet tekst zijn van hoogstens 255 bytes", "moet een geheel getal zijn",
                                       "moet een getal zijn met hoogstens 2 decimalen",
                                       "moet true of false zijn", "moet een datum zijn als JJJJ-MM-DDTUU:MM:SS",
                                       "moet een object met een _data-array zijn"};

// Every member known, of its type, and the required ones there. prefix names the place.
static void check_members(struct checks *k, json_t *body, const struct member *members, const char *prefix)
{
    const char *name;
    json_t *value;
    char place[96];
    json_object_foreach(body, name, value) {
        const struct member *m = members;
        while (m->name && strcmp(m->name, name) != 0)
            m++;
        snprintf(place, sizeof place, "%s%s", prefix, name);
        if (!m->name) {
            if (strcmp(name, "_meta") != 0)
                mistake(k, place, "is not a known member", "is geen bekend gegeven");
        } else if (m->kind == KIND_READ_ONLY) {
            mistake(k, place, "cannot be written", "kan niet worden geschreven");
        } else if (json_is_null(value) ? !m->nullable : !value_fits(m->kind, value)) {
            mistake(k, place, wrong_en[m->kind], wrong_nl[m->kind]);
        }
    }
    for (const struct member *m = members; m->name; m++) {
        const json_t *given = json_object_get(body, m->name);
        if (m->required && (!given || (json_is_string(given) && !json_string_length(given)))) {
            snprintf(place, sizeof place, "%s%s", prefix, m->name);
            mistake(k, place, "is required", "is verplicht");
        }
    }
}

static const char *text_of(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));
    return text ? text : "";
}

// The body as an object, or the reply filled and NULL.
static json_t *body_object(const struct call *c)
{
    const char *type = call_query(c->req, "validateOnly");
    const char *content = request_header(c->req, "Content-Type");
    for (size_t i = 0; i < c->req->queries; i++) {
        if (strcasecmp(c->req->query[i].name, "validateOnly") != 0)
            type = "wrong";
    }
    if (type && strcasecmp(type, "true") != 0 && strcasecmp(type, "false") != 0) {
        answer_problem(c->req, c->reply, 400, "Only validateOnly=true or false may stand in the query.",
                       "Alleen validateOnly=true of false mag in de query staan.", NULL);
        return NULL;
    }
    if (!content || strncasecmp(content, "application/json", 16) != 0) {
        answer_problem(c->req, c->reply, 415, "The body must be application/json.",
                       "De inhoud moet application/json zijn.", NULL);
        return NULL;
    }
    json_t *body = json_loadb(c->req->body, c->req->body_bytes, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body)) {
        json_decref(body);
        answer_problem(c->req, c->reply, 400, "The body is not a JSON object.",
                       "De inhoud is geen JSON-object.", NULL);
        return NULL;
    }
    return body;
}

static bool validate_only(const struct call *c)
{
    const char *text = call_query(c->req, "validateOnly");
    return text && strcasecmp(text, "true") == 0;
}

static json_t *time_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    return json_string(text);
}

static bool index_holds(const struct index *ix, const struct table *t,
                        const char *field, const char *text, json_int_t except)
{
    size_t at = 0, row;
    while (*text && index_next(ix, text, &at, &row)) {
        const json_t *have = t->rows[row];
        if (text_same(text_of(have, field), text) &&
            json_integer_value(json_object_get(have, "id")) != except)
            return true;
    }
    return false;
}

// ---- Debtors ------------------------------------------------------------------------------------

static const struct member debtor_members[] = {
    {"id", KIND_READ_ONLY, false, false},          {"customerNumber", KIND_TEXT, false, false},
    {"name", KIND_TEXT, true, false},              {"attentionTo", KIND_TEXT, false, true},
    {"address", KIND_TEXT, true, false},           {"addressLine2", KIND_TEXT, false, true},
    {"addressLine3", KIND_TEXT, false, true},      {"postCode", KIND_TEXT, false, true},
    {"city", KIND_TEXT, false, true},              {"countryCode", KIND_TEXT, false, true},
    {"phoneNumber", KIND_TEXT, false, true},       {"mobileNumber", KIND_TEXT, false, true},
    {"faxNumber", KIND_TEXT, false, true},         {"emailAddress", KIND_TEXT, false, true},
    {"cocNumber", KIND_TEXT, false, true},         {"vatNumber", KIND_TEXT, false, true},
    {"iban", KIND_TEXT, false, true},              {"bic", KIND_TEXT, false, true},
    {"bban", KIND_TEXT, false, true},              {"directDebit", KIND_BOOLEAN, false, false},
    {"debtorKindId", KIND_TEXT, true, false},      {"paymentConditionId", KIND_INTEGER, false, true},
    {"paymentMethodId", KIND_TEXT, false, true},   {"comments", KIND_TEXT, false, true},
    {"characteristic4", KIND_TEXT, false, true},   {"characteristic5", KIND_TEXT, false, true},
    {"blocked", KIND_BOOLEAN, false, false},       {"noReminder", KIND_BOOLEAN, false, false},
    {"dateAdded", KIND_READ_ONLY, false, false},   {"dateLastChange", KIND_READ_ONLY, false, false},
    {NULL, KIND_ANY, false, false},
};

static bool email_valid(const char *text)
{
    const char *at = strchr(text, '@');
    return at && at > text && !strchr(at + 1, '@') && strchr(at + 1, '.') && !strpbrk(text, " ,;<>");
}

static bool phone_valid(const char *text)
{
    int digits = 0;
    for (; *text; text++)
        digits += isdigit((unsigned char)*text) != 0;
    return digits >= 6;
}

static bool iban_valid(const char *text)
{
    char plain[40];
    size_t n = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (!isalnum((unsigned char)*text) || n + 1 >= sizeof plain)
            return false;
        plain[n++] = (char)toupper((unsigned char)*text);
    }
    int rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = plain[(i + 4) % n];
        rest = isdigit((unsigned char)c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
    }
    return n >= 15 && n <= 34 && rest == 1;
}

static bool vat_number_valid(const char *text)
{
    if (strncasecmp(text, "NL", 2) != 0)
        return strlen(text) >= 6;
    if (strlen(text) != 14 || toupper((unsigned char)text[11]) != 'B')
        return false;
    for (int i = 2; i < 14; i++) {
        if (i != 11 && !isdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static bool country_valid(const char *text)
{
    return strlen(text) == 2 && isupper((unsigned char)text[0]) && isupper((unsigned char)text[1]);
}

static void check_text(struct checks *k, const json_t *body, const char *field, bool (*valid)(const char *),
                       const char *en, const char *nl)
{
    const char *text = text_of(body, field);
    if (*text && !valid(text))
        mistake(k, field, en, nl);
}

static void check_debtor(struct checks *k, json_t *body, json_int_t id)
{
    const struct tenant *t = k->call->tenant;
    check_members(k, body, debtor_members, "");
    check_text(k, body, "emailAddress", email_valid, "is not an e-mail address", "is geen e-mailadres");
    check_text(k, body, "phoneNumber", phone_valid, "needs at least 6 digits", "moet minstens 6 cijfers hebben");
    check_text(k, body, "mobileNumber", phone_valid, "needs at least 6 digits", "moet minstens 6 cijfers hebben");
    check_text(k, body, "iban", iban_valid, "is not a valid IBAN", "is geen geldig IBAN");
    check_text(k, body, "vatNumber", vat_number_valid, "is not a valid VAT number", "is geen geldig btw-nummer");
    check_text(k, body, "countryCode", country_valid, "is not a country code", "is geen landcode");
    const char *kind = text_of(body, "debtorKindId");
    if (*kind && strcmp(kind, "1") != 0 && strcmp(kind, "2") != 0)
        mistake(k, "debtorKindId", "does not exist", "bestaat niet");
    const json_t *condition = json_object_get(body, "paymentConditionId");
    if (json_is_integer(condition) &&
        !books_lookup_int(t->payment_conditions, json_integer_value(condition)))
        mistake(k, "paymentConditionId", "does not exist", "bestaat niet");
    if (index_holds(&t->debtor_number, &t->debtors, "customerNumber",
                    text_of(body, "customerNumber"), id))
        mistake(k, "customerNumber", "is already in use", "is al in gebruik");
}

static void number_debtor(const struct tenant *t, json_t *row)
{
    char text[32];
    json_int_t number = 20000 + t->debtors.next_id;
    do
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, number++);
    while (index_holds(&t->debtor_number, &t->debtors, "customerNumber", text, 0));
    json_object_set_new(row, "customerNumber", json_string(text));
}

static json_t *whole_debtor(const struct tenant *t, json_t *body)
{
    json_t *row = json_object();
    for (const struct member *m = debtor_members + 1; m->name; m++) {
        json_t *given = json_object_get(body, m->name);
        json_object_set_new(row, m->name, given ? json_incref(given)
                            : m->kind == KIND_BOOLEAN ? json_false() : json_null());
    }
    if (!*text_of(body, "customerNumber"))
        number_debtor(t, row);
    json_object_set_new(row, "dateAdded", time_now());
    return row;
}

// The members that a change leaves out keep their value.
static json_t *merged(const json_t *row, json_t *body)
{
    json_t *whole = json_copy((json_t *)row);
    const char *const own[] = {"id", "dateAdded", "dateLastChange", "currentStock", "_meta"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        json_object_del(whole, own[i]);
    json_object_update(whole, body);
    return whole;
}

static size_t row_of(const struct table *t, json_int_t id)
{
    return (size_t)(id - (t->next_id - (json_int_t)t->count));
}

static int answer_row(const struct call *c, int status, json_t *row, const char *resource)
{
    return answer_json(c->reply, status, call_resource(c, json_copy(row), resource));
}

int write_debtor(const struct call *c, json_int_t id)
{
    struct tenant *t = c->tenant;
    bool only = validate_only(c);
    c->reply->operation = only ? "debtors.validate" : id ? "debtors.update" : "debtors.create";
    json_t *body = body_object(c);
    if (!body)
        return 0;
    struct checks k = {c, json_object()};
    json_t *old = id ? t->debtors.rows[row_of(&t->debtors, id)] : NULL;
    json_t *whole = old ? merged(old, body) : json_incref(body);
    check_debtor(&k, whole, id);
    int rc;
    if (json_object_size(k.errors)) {
        rc = checks_answer(&k);
        goto out;
    }
    json_decref(k.errors);
    if (only) {
        rc = answer_row(c, 200, whole, "debtors");
    } else if (old) {
        json_object_update(old, body);
        json_object_del(old, "_meta");
        json_object_set_new(old, "dateLastChange", time_now());
        rc = books_debtor_index(t, row_of(&t->debtors, id));
        if (rc == 0)
            rc = answer_row(c, 200, old, "debtors");
    } else {
        rc = books_debtor_add_take(t, whole_debtor(t, body));
        if (rc == 0)
            rc = answer_row(c, 201, t->debtors.rows[t->debtors.count - 1], "debtors");
    }
out:
    json_decref(whole);
    json_decref(body);
    return rc;
}

// ---- Articles -----------------------------------------------------------------------------------

static const struct member article_members[] = {
    {"id", KIND_READ_ONLY, false, false},      {"articleNumber", KIND_TEXT, true, false},
    {"description", KIND_TEXT, true, false},   {"longDescription", KIND_TEXT, false, true},
    {"salesTypeId", KIND_INTEGER, true, false}, {"unit", KIND_TEXT, false, true},
    {"salesPrice", KIND_MONEY, false, true},   {"purchasePrice", KIND_MONEY, false, true},
    {"eanCode1", KIND_TEXT, false, true},      {"eanCode2", KIND_TEXT, false, true},
    {"active", KIND_BOOLEAN, false, false},    {"currentStock", KIND_READ_ONLY, false, false},
    {NULL, KIND_ANY, false, false},
};

static json_t *whole_article(json_t *body)
{
    json_t *row = json_copy(body);
    json_object_del(row, "_meta");
    if (!json_object_get(row, "active"))
        json_object_set_new(row, "active", json_true());
    json_object_set_new(row, "currentStock", json_real(0.0));
    return row;
}

int write_article(const struct call *c, json_int_t id)
{
    struct tenant *t = c->tenant;
    bool only = validate_only(c);
    c->reply->operation = only ? "articles.validate" : id ? "articles.update" : "articles.create";
    json_t *body = body_object(c);
    if (!body)
        return 0;
    struct checks k = {c, json_object()};
    json_t *old = id ? t->articles.rows[row_of(&t->articles, id)] : NULL;
    json_t *whole = old ? merged(old, body) : json_incref(body);
    check_members(&k, whole, article_members, "");
    if (index_holds(&t->article_number, &t->articles, "articleNumber",
                    text_of(whole, "articleNumber"), id))
        mistake(&k, "articleNumber", "is already in use", "is al in gebruik");
    int rc;
    if (json_object_size(k.errors)) {
        rc = checks_answer(&k);
        goto out;
    }
    json_decref(k.errors);
    if (only) {
        rc = answer_row(c, 200, whole, "articles");
    } else if (old) {
        json_object_update(old, body);
        json_object_del(old, "_meta");
        rc = index_add(&t->article_number, text_of(old, "articleNumber"), row_of(&t->articles, id));
        if (rc == 0)
            rc = answer_row(c, 200, old, "articles");
    } else {
        rc = books_article_add_take(t, whole_article(body));
        if (rc == 0)
            rc = answer_row(c, 201, t->articles.rows[t->articles.count - 1], "articles");
    }
out:
    json_decref(whole);
    json_decref(body);
    return rc;
}

// ---- Sales invoices -------------------------------------------------------------------------------

static const struct member invoice_members[] = {
    {"id", KIND_READ_ONLY, false, false},          {"debtorCustomerNumber", KIND_TEXT, true, false},
    {"date", KIND_TIME, true, false},              {"bookyear", KIND_INTEGER, true, false},
    {"bookperiod", KIND_INTEGER, true, false},     {"journalId", KIND_TEXT, true, false},
    {"invoiceNumber", KIND_TEXT, false, true},     {"description", KIND_TEXT, false, true},
    {"paymentConditionId", KIND_INTEGER, false, true}, {"paymentDueDate", KIND_TIME, false, true},
    {"amountExclVat", KIND_MONEY, false, false},   {"amountInclVat", KIND_MONEY, false, false},
    {"vatAmount", KIND_MONEY, false, false},       {"status", KIND_READ_ONLY, false, false},
    {"lines", KIND_COLLECTION, true, false},       {NULL, KIND_ANY, false, false},
};

static const struct member line_members[] = {
    {"id", KIND_READ_ONLY, false, false},     {"ledgerAccountId", KIND_INTEGER, true, false},
    {"vatCode", KIND_TEXT, true, false},      {"amount", KIND_MONEY, true, false},
    {"vatAmount", KIND_MONEY, false, false},  {"description", KIND_TEXT, false, true},
    {"costCenterId", KIND_INTEGER, false, true}, {"costUnitId", KIND_INTEGER, false, true},
    {NULL, KIND_ANY, false, false},
};

struct sums {
    struct vat_total totals[TOTALS_MAX];
    int rates[TOTALS_MAX];
    int count;
    int64_t excl, vat;
};

// amount * rate / 10000, halves away from zero.
static int64_t vat_over(int64_t amount, int rate)
{
    int64_t raw = amount * rate;
    return raw >= 0 ? (raw + 5000) / 10000 : -((-raw + 5000) / 10000);
}

static void sum_line(struct checks *k, struct sums *s, const json_t *line, const json_t *vat_row,
                     const char *place)
{
    const char *code = text_of(line, "vatCode");
    int i = 0;
    int64_t amount = 0, vat = 0;
    while (i < s->count && strcmp(s->totals[i].code, code) != 0)
        i++;
    if (i == TOTALS_MAX) {
        mistake(k, place, "has one VAT code too many", "heeft een btw-code te veel");
        return;
    }
    if (i == s->count) {
        s->count++;
        s->totals[i] = (struct vat_total){.excl = 0, .vat = 0};
        snprintf(s->totals[i].code, sizeof s->totals[i].code, "%s", code);
        s->rates[i] = vat_row_rate(vat_row);
    }
    cents(json_object_get(line, "amount"), &amount);
    if (!json_object_get(line, "vatAmount"))
        vat = vat_over(amount, s->rates[i]);
    else
        cents(json_object_get(line, "vatAmount"), &vat);
    s->totals[i].excl += amount;
    s->totals[i].vat += vat;
    s->excl += amount;
    s->vat += vat;
}

static void check_line(struct checks *k, struct sums *s, json_t *line, size_t number)
{
    const struct tenant *t = k->call->tenant;
    char prefix[48], place[80];
    snprintf(prefix, sizeof prefix, "lines._data[%zu].", number);
    if (!json_is_object(line)) {
        mistake(k, prefix, "must be an object", "moet een object zijn");
        return;
    }
    check_members(k, line, line_members, prefix);
    const json_t *account = json_object_get(line, "ledgerAccountId");
    if (json_is_integer(account)) {
        const json_t *row = books_lookup_int(t->ledger_accounts, json_integer_value(account));
        snprintf(place, sizeof place, "%sledgerAccountId", prefix);
        if (!row)
            mistake(k, place, "does not exist", "bestaat niet");
        else if (json_is_true(json_object_get(row, "disabled")))
            mistake(k, place, "is disabled", "is uitgeschakeld");
    }
    const json_t *center = json_object_get(line, "costCenterId");
    if (json_is_integer(center) && json_integer_value(center) != 0 &&
        !books_lookup_int(t->cost_centers, json_integer_value(center))) {
        snprintf(place, sizeof place, "%scostCenterId", prefix);
        mistake(k, place, "does not exist", "bestaat niet");
    }
    const char *code = text_of(line, "vatCode");
    const json_t *vat_row = books_lookup_text(t->vat_codes, code);
    snprintf(place, sizeof place, "%svatCode", prefix);
    if (*code && !vat_row)
        mistake(k, place, "does not exist", "bestaat niet");
    if (vat_row)
        sum_line(k, s, line, vat_row, place);
}

static void check_total(struct checks *k, const json_t *body, const char *field, int64_t sum)
{
    int64_t given;
    const json_t *value = json_object_get(body, field);
    if (value && cents(value, &given) && given != sum)
        mistake(k, field, "is not the sum of the lines", "is niet de som van de regels");
}

static void check_sums(struct checks *k, const json_t *body, const struct sums *s)
{
    for (int i = 0; i < s->count; i++) {
        int64_t off = s->totals[i].vat - vat_over(s->totals[i].excl, s->rates[i]);
        if (llabs(off) > VAT_TOLERANCE)
            mistake(k, "vatAmount", "does not fit the rate of the VAT code",
                    "past niet bij het percentage van de btw-code");
    }
    check_total(k, body, "amountExclVat", s->excl);
    check_total(k, body, "vatAmount", s->vat);
    check_total(k, body, "amountInclVat", s->excl + s->vat);
}

static void check_period(struct checks *k, const json_t *body)
{
    const char *date = text_of(body, "date");
    if (!time_valid(date))
        return;
    if (json_integer_value(json_object_get(body, "bookyear")) != atol(date))
        mistake(k, "bookyear", "does not fit the date", "past niet bij de datum");
    if (json_integer_value(json_object_get(body, "bookperiod")) != atol(date + 5))
        mistake(k, "bookperiod", "does not fit the date", "past niet bij de datum");
}

static bool invoice_number_used(const struct tenant *t, const char *number)
{
    size_t at = 0, row;
    while (*number && index_next(&t->invoice_number, number, &at, &row)) {
        if (text_same(t->invoices[row].number, number))
            return true;
    }
    return false;
}

static void check_invoice(struct checks *k, json_t *body, struct sums *s)
{
    const struct tenant *t = k->call->tenant;
    check_members(k, body, invoice_members, "");
    const char *customer = text_of(body, "debtorCustomerNumber");
    if (*customer && !index_holds(&t->debtor_number, &t->debtors, "customerNumber", customer, 0))
        mistake(k, "debtorCustomerNumber", "does not exist", "bestaat niet");
    const char *journal = text_of(body, "journalId");
    const json_t *journal_row = books_lookup_text(t->journals, journal);
    if (*journal && (!journal_row || strcmp(text_of(journal_row, "type"), "Sales") != 0))
        mistake(k, "journalId", "is not a sales journal", "is geen verkoopdagboek");
    const json_t *condition = json_object_get(body, "paymentConditionId");
    if (json_is_integer(condition) &&
        !books_lookup_int(t->payment_conditions, json_integer_value(condition)))
        mistake(k, "paymentConditionId", "does not exist", "bestaat niet");
    if (invoice_number_used(t, text_of(body, "invoiceNumber")))
        mistake(k, "invoiceNumber", "is already in use", "is al in gebruik");
    check_period(k, body);
    size_t i;
    json_t *line, *lines = json_object_get(json_object_get(body, "lines"), "_data");
    json_array_foreach(lines, i, line)
        check_line(k, s, line, i);
    if (json_is_array(lines) && json_array_size(lines) == 0)
        mistake(k, "lines", "needs at least one line", "heeft minstens een regel nodig");
    if (json_object_size(k->errors) == 0)
        check_sums(k, body, s);
}

static json_t *number_of(int64_t value)
{
    return json_real((double)value / 100);
}

static json_t *whole_invoice(const json_t *body, const struct sums *s, json_int_t id)
{
    json_t *row = json_deep_copy(body);
    size_t i;
    json_t *line, *wrapped = json_object_get(row, "lines"), *lines = json_object_get(wrapped, "_data");
    json_array_foreach(lines, i, line)
        json_object_set_new(line, "id", json_integer(id * 1000 + (json_int_t)i));
    json_object_set_new(wrapped, "_meta", json_pack("{s:I}", "totalCount",
                                                    (json_int_t)json_array_size(lines)));
    json_object_set_new(row, "id", json_integer(id));
    json_object_set_new(row, "status", json_integer(1));
    json_object_set_new(row, "amountExclVat", number_of(s->excl));
    json_object_set_new(row, "vatAmount", number_of(s->vat));
    json_object_set_new(row, "amountInclVat", number_of(s->excl + s->vat));
    return row;
}

static int store_invoice(struct tenant *t, json_t *row, const struct sums *s)
{
    struct invoice inv = {.excl = s->excl, .vat = s->vat, .incl = s->excl + s->vat};
    inv.json = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(15));
    inv.description = strdup(text_of(row, "description"));
    inv.number = strdup(text_of(row, "invoiceNumber"));
    inv.customer = strdup(text_of(row, "debtorCustomerNumber"));
    inv.totals = calloc((size_t)s->count + 1, sizeof *inv.totals);
    if (!inv.json || !inv.description || !inv.number || !inv.customer || !inv.totals) {
        invoice_done(&inv);
        return -1;
    }
    memcpy(inv.totals, s->totals, (size_t)s->count * sizeof *inv.totals);
    inv.total_count = s->count;
    return books_invoice_add(t, &inv);
}

int write_invoice(const struct call *c)
{
    struct tenant *t = c->tenant;
    bool only = validate_only(c);
    c->reply->operation = only ? "salesinvoiceswithlines.validate" : "salesinvoiceswithlines.create";
    json_t *body = body_object(c);
    if (!body)
        return 0;
    struct checks k = {c, json_object()};
    struct sums s = {.count = 0};
    int rc = 0;
    check_invoice(&k, body, &s);
    if (json_object_size(k.errors)) {
        rc = checks_answer(&k);
        json_decref(body);
        return rc;
    }
    json_decref(k.errors);
    json_t *row = whole_invoice(body, &s, only ? 0 : t->next_invoice_id);
    if (!only) {
        rc = store_invoice(t, row, &s);
        t->next_invoice_id += rc == 0;
    }
    if (rc == 0)
        rc = answer_row(c, only ? 200 : 201, row, "salesinvoiceswithlines");
    json_decref(row);
    json_decref(body);
    return rc;
}
