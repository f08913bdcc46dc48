/* SPDX-License-Identifier: MIT
 * Choice lists; see choices.h. */
#include "choices.h"

#include "entity.h"
#include "wire.h"

struct source {
    const char *list, *model;
    const char *value;  /* of a row: "id", or a field of text */
    const char *fields; /* up to six */
    bool of_company;
    const char *condition; /* one more, in JSON; NULL: none */
};

static const struct source sources[] = {
    {"accounts", "account.account", "code", "code name", true, "[\"closed\",\"=\",false]"},
    {"companies", "company.company", "id", "rec_name", false, NULL},
    {"journals", "account.journal", "id", "name", false, "[\"type\",\"=\",\"revenue\"]"},
    {"payment-terms", "account.invoice.payment_term", "id", "name", false, NULL},
    {"product-categories", "product.category", "id", "rec_name", false,
     "[\"accounting\",\"=\",true]"},
    /* Those that are part of another one are not put on a line. */
    {"taxes", "account.tax", "id", "name rate type group.kind end_date", true,
     "[\"parent\",\"=\",null]"},
    {"units", "product.uom", "id", "name", false, NULL},
};

/* 0.21 as "21". */
static int put_rate(struct tryton *t, struct koppel_list *out, const json_t *row,
                    struct koppel_error *err)
{
    char percent[KOPPEL_DECIMAL_TEXT];
    json_t *rate = wire_decimal_text(json_object_get(row, "rate"));
    int rc = 0;
    if (rate)
        rc = t->host->decimal(t->ctx, KOPPEL_DECIMAL_MUL, json_string_value(rate), "100", -1,
                              KOPPEL_ROUND_HALF_UP, percent, err);
    if (rate && rc == 0) {
        wire_trim(percent);
        rc = t->host->row_fact(out, "rate", percent, err);
    }
    json_decref(rate);
    return rc;
}

static int put_tax(struct tryton *t, struct koppel_list *out, const json_t *row,
                   struct koppel_error *err)
{
    const char *kind = wire_text(wire_inside(row, "group"), "kind");
    json_t *until = wire_date_text(json_object_get(row, "end_date"));
    int rc = put_rate(t, out, row, err);
    if (rc == 0 && strcmp(kind, "sale") == 0)
        rc = t->host->row_fact(out, "kind", "sales", err);
    else if (rc == 0 && strcmp(kind, "purchase") == 0)
        rc = t->host->row_fact(out, "kind", "purchase", err);
    if (rc == 0 && until)
        rc = t->host->row_fact(out, "until", json_string_value(until), err);
    json_decref(until);
    return rc;
}

static int put_row(struct tryton *t, const struct source *s, struct koppel_list *out,
                   const json_t *row, struct koppel_error *err)
{
    char word[KOPPEL_WORD_TEXT];
    const char *value = entity_text(row, s->value, word);
    const char *name = wire_text(row, "name");
    if (!*value) /* a heading of the accounts has no code */
        return 0;
    if (t->host->row(out, value, *name ? name : wire_text(row, "rec_name"), err) != 0)
        return -1;
    return strcmp(s->list, "taxes") == 0 ? put_tax(t, out, row, err) : 0;
}

static json_t *fields_of(const char *names)
{
    json_t *list = json_array();
    while (*names) {
        size_t n = strcspn(names, " ");
        json_array_append_new(list, json_stringn(names, n));
        names += n + (names[n] == ' ');
    }
    return list;
}

int choices_list(struct tryton *t, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    const struct source *s = NULL;
    char method[80];
    json_t *rows = NULL, *row, *domain = json_array();
    size_t i;
    for (i = 0; i < sizeof sources / sizeof *sources; i++)
        s = strcmp(sources[i].list, list) == 0 ? &sources[i] : s;
    if (!s || rpc_session(t, err) != 0) {
        json_decref(domain);
        return s ? -1 : t->host->fail(err, KOPPEL_E_BUG, "there is no list %s", list);
    }
    if (s->of_company)
        json_array_append_new(domain, json_pack("[s,s,I]", "company", "=",
                                                (json_int_t)rpc_number(t, "company")));
    if (s->condition)
        json_array_append_new(domain, json_loads(s->condition, 0, NULL));
    snprintf(method, sizeof method, "model.%s.search_read", s->model);
    const struct rpc call = {.what = "read a list", .method = method};
    int rc = rpc_call(t, &call, json_pack("[o,i,n,n,o]", domain, 0, fields_of(s->fields)), &rows,
                      err);
    json_array_foreach(rows, i, row) {
        if (rc == 0)
            rc = put_row(t, s, out, row, err);
    }
    json_decref(rows);
    return rc;
}
