/* SPDX-License-Identifier: MIT
 * The lists that settings and tables choose from; see choices.h. */
#include "choices.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "page.h"
#include "records.h"

#define PAGES_MAX 1000
#define TEXT_BYTES 400

struct choice_list {
    const char *name, *path;
    /* Members of a row; detail stands behind the title, NULL: none. */
    const char *title, *detail;
    /* That holds the path, where it is not proven. */
    const char *setting;
    bool any_tenant;
    /* See add_vat_codes(). */
    bool vat_codes;
};

static const struct choice_list lists[] = {
    {"journals", "journals", "description", "type", NULL, false, false},
    {"ledger-accounts", "ledgeraccounts", "description", "vatCode", NULL, false, false},
    {"vat-codes", "vatcodes", "description", "countryCode", NULL, false, true},
    {"payment-conditions", "paymentconditions", "description", NULL, NULL, false, false},
    {"payment-methods", NULL, "description", NULL, "payment_methods_path", false, false},
    {"debtor-kinds", NULL, "description", NULL, "debtor_kinds_path", false, false},
    {"sales-types", "salestypes", "description", "vatCode", NULL, false, false},
    {"cost-centres", "costcenters", "description", "conversionCode", NULL, false, false},
    {"cost-units", "costunits", "description", "conversionCode", NULL, false, false},
    {"administrations", "administrations", "name", NULL, NULL, true, false},
};

static const struct choice_list *list_named(const char *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i].name, name) == 0)
            return &lists[i];
    }
    return NULL;
}

static const char *list_path(struct asperion *a, const struct choice_list *l)
{
    const char *path = l->setting ? a->host->setting(a->ctx, l->setting) : l->path;
    return path ? path + strspn(path, "/") : "";
}

const char *choices_path(struct asperion *a, const char *list)
{
    const struct choice_list *l = list_named(list);
    return l ? list_path(a, l) : NULL;
}

json_t *choices_rows(struct asperion *a, const char *list, struct koppel_error *err)
{
    const struct choice_list *l = list_named(list);
    if (!l)
        return a->host->fail(err, KOPPEL_E_BUG, "there is no list \"%s\"", list), NULL;
    struct api_request r = {.what = l->name, .path = list_path(a, l), .setting = l->setting,
                            .any_tenant = l->any_tenant};
    json_t *all = json_array();
    int rc = all ? 0 : api_no_memory(a, err);
    for (int64_t number = 1, more = 1; rc == 0 && more && number <= PAGES_MAX; number++) {
        struct page page;
        rc = page_get(a, &r, number, &page, err);
        for (size_t i = 0; rc == 0 && i < page.bad_count; i++)
            a->host->log(a->ctx, KOPPEL_LOG_WARNING, "%s: row %zu cannot be read: %s", l->name,
                         page.bad[i].index + 1, page.bad[i].place);
        if (rc == 0 && json_array_extend(all, page.rows) != 0)
            rc = api_no_memory(a, err);
        more = page.more;
        page_done(&page);
    }
    if (rc == 0)
        return all;
    json_decref(all);
    return NULL;
}

/* ---- VAT codes ---- */

struct vat_code {
    char id[API_ID_BYTES];
    const json_t *row;
    const char *kind;
    /* The days that it holds for; "": from ever, for ever. */
    char from[12], until[12];
    /* "not yet" or "no longer"; NULL: it is valid today. */
    const char *invalid;
    /* Those of sales that are valid today come first; of the same rank the books' order. */
    int rank;
    size_t place;
};

static void today(struct asperion *a, char out[12])
{
    struct tm tm;
    time_t now = (time_t)(a->host->now_ms(a->ctx) / 1000);
    if (!gmtime_r(&now, &tm) || strftime(out, 12, "%Y-%m-%d", &tm) == 0)
        out[0] = '\0';
}

static void vat_code_read(struct vat_code *v, const json_t *row, const char *day)
{
    int64_t ms;
    const char *from = koppel_get_text(row, "validFrom", "");
    const char *until = koppel_get_text(row, "validUntil", "");
    *v = (struct vat_code){.row = row};
    records_id(row, v->id, sizeof v->id);
    v->kind = koppel_get_bool(row, "salesCode", 1) ? "sales" : "purchase";
    if (records_moment(from, &ms))
        snprintf(v->from, sizeof v->from, "%.10s", from);
    if (records_moment(until, &ms))
        snprintf(v->until, sizeof v->until, "%.10s", until);
    if (*v->from && strcmp(day, v->from) < 0)
        v->invalid = "it is not yet valid";
    if (*v->until && strcmp(day, v->until) > 0)
        v->invalid = "it is no longer valid";
    v->rank = v->invalid ? 2 : strcmp(v->kind, "sales") == 0 ? 0 : 1;
}

static int by_rank(const void *x, const void *y)
{
    const struct vat_code *a = x, *b = y;
    return a->rank != b->rank ? a->rank - b->rank : a->place < b->place ? -1 : 1;
}

static int add_vat_code(struct asperion *a, const struct vat_code *v, struct koppel_list *out,
                        struct koppel_error *err)
{
    char text[TEXT_BYTES], rate[API_ID_BYTES] = "";
    const char *country = koppel_get_text(v->row, "countryCode", "");
    const json_t *percentage = json_object_get(v->row, "percentage");
    if (json_is_integer(percentage))
        snprintf(rate, sizeof rate, "%" JSON_INTEGER_FORMAT, json_integer_value(percentage));
    else if (json_is_string(percentage))
        snprintf(rate, sizeof rate, "%s", json_string_value(percentage));
    snprintf(text, sizeof text, "%.160s (%s%s%s%s%s%s%s%s%s%s%s)",
             koppel_get_text(v->row, "description", ""), rate, *rate ? " %, " : "", v->kind,
             *country ? ", " : "", country, *v->from ? ", from " : "", v->from,
             *v->until ? ", until " : "", v->until, v->invalid ? ": " : "",
             v->invalid ? v->invalid : "");
    if (a->host->row(out, v->id, text, err) != 0 ||
        (*rate && a->host->row_fact(out, "rate", rate, err) != 0) ||
        (*country && a->host->row_fact(out, "country", country, err) != 0) ||
        a->host->row_fact(out, "kind", v->kind, err) != 0 ||
        (*v->until && a->host->row_fact(out, "until", v->until, err) != 0))
        return -1;
    return v->invalid ? a->host->row_fact(out, "not", v->invalid, err) : 0;
}

/* What decides whether a code fits stands behind its name, and those that fit today come first. */
static int add_vat_codes(struct asperion *a, json_t *rows, struct koppel_list *out,
                         struct koppel_error *err)
{
    char day[12];
    size_t i, count = 0;
    json_t *row;
    struct vat_code *codes = calloc(json_array_size(rows) + 1, sizeof *codes);
    int rc = codes ? 0 : api_no_memory(a, err);
    today(a, day);
    json_array_foreach(rows, i, row) {
        if (!codes || !json_is_object(row))
            continue;
        vat_code_read(&codes[count], row, day);
        codes[count].place = count;
        count++;
    }
    if (codes)
        qsort(codes, count, sizeof *codes, by_rank);
    for (i = 0; rc == 0 && i < count; i++)
        rc = add_vat_code(a, &codes[i], out, err);
    free(codes);
    return rc;
}

/* ---- Any list ---- */

static int add_choice(struct asperion *a, const struct choice_list *l, const json_t *row,
                      struct koppel_list *out, struct koppel_error *err)
{
    char id[API_ID_BYTES], text[TEXT_BYTES];
    const char *title = koppel_get_text(row, l->title, "");
    const char *detail = l->detail ? koppel_get_text(row, l->detail, "") : "";
    bool disabled = koppel_get_bool(row, "disabled", 0);
    if (!json_is_object(row))
        return 0;
    records_id(row, id, sizeof id);
    snprintf(text, sizeof text, *detail ? "%.200s (%.60s)%s" : "%.200s%s%s", title, detail,
             disabled ? ": disabled" : "");
    const char *vat = koppel_get_text(row, "vatCode", "");
    if (a->host->row(out, id, text, err) != 0 ||
        (*vat && a->host->row_fact(out, "vat", vat, err) != 0))
        return -1;
    return disabled ? a->host->row_fact(out, "not", "it is disabled", err) : 0;
}

int choices_list(struct asperion *a, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    json_t *row, *rows = choices_rows(a, list, err);
    const struct choice_list *l = list_named(list);
    size_t i;
    int rc = rows ? 0 : -1;
    if (rc == 0 && l->vat_codes)
        rc = add_vat_codes(a, rows, out, err);
    json_array_foreach(rows, i, row) {
        if (rc == 0 && !l->vat_codes)
            rc = add_choice(a, l, row, out, err);
    }
    json_decref(rows);
    return rc;
}
