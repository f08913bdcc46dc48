/* SPDX-License-Identifier: MIT
 * The lists that settings and tables choose from, and the administrations of a login. */
#include <inttypes.h>

#include "entities.h"
#include "records.h"

#define PAGES_MAX 1000

struct choice_list {
    const char *name, *path;
    const char *title, *detail; /* members; detail stands behind the title, NULL: none */
    const char *setting;        /* that holds the path, where it is not proven */
    bool any_tenant;
};

static const struct choice_list lists[] = {
    {"journals", "journals", "description", "type", NULL, false},
    {"ledger-accounts", "ledgeraccounts", "description", "vatCode", NULL, false},
    {"vat-codes", "vatcodes", "description", "countryCode", NULL, false},
    {"payment-conditions", "paymentconditions", "description", NULL, NULL, false},
    {"payment-methods", NULL, "description", NULL, "payment_methods_path", false},
    {"debtor-kinds", NULL, "description", NULL, "debtor_kinds_path", false},
    {"sales-types", "salestypes", "description", "vatCode", NULL, false},
    {"cost-centres", "costcenters", "description", "conversionCode", NULL, false},
    {"cost-units", "costunits", "description", "conversionCode", NULL, false},
    {"administrations", "administrations", "name", NULL, NULL, true},
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

static int each_row(struct asperion *a, const struct choice_list *l,
                    int (*visit)(void *arg, const json_t *row, struct koppel_error *err), void *arg,
                    struct koppel_error *err)
{
    struct api_request r = {.what = l->name, .path = list_path(a, l), .setting = l->setting,
                            .any_tenant = l->any_tenant};
    json_t *rows, *row;
    size_t i;
    int rc = 0;
    int more = 1;
    for (int64_t page = 1; rc == 0 && more && page <= PAGES_MAX; page++) {
        if (api_page(a, &r, page, &rows, &more, err) != 0)
            return -1;
        more = more && json_array_size(rows) > 0;
        json_array_foreach(rows, i, row) {
            rc = visit(arg, row, err);
            if (rc != 0)
                break;
        }
        json_decref(rows);
    }
    return rc;
}

struct row_visit {
    struct asperion *a;
    const struct choice_list *list;
    struct koppel_list *out;
    char *seen; /* the administrations, for a message */
    size_t seen_bytes;
    char name[120]; /* of the administration that is set */
};

static int add_choice(void *arg, const json_t *row, struct koppel_error *err)
{
    struct row_visit *v = arg;
    char id[64], text[300];
    const char *title = koppel_get_text(row, v->list->title, "");
    const char *detail = v->list->detail ? koppel_get_text(row, v->list->detail, "") : "";
    if (koppel_get_bool(row, "disabled", 0))
        return 0;
    records_id(row, id, sizeof id);
    snprintf(text, sizeof text, *detail ? "%.200s (%.60s)" : "%.200s", title, detail);
    return v->a->host->row(v->out, id, text, err);
}

int choices_list(struct asperion *a, const char *list, struct koppel_list *out,
                 struct koppel_error *err)
{
    const struct choice_list *l = list_named(list);
    struct row_visit v = {.a = a, .list = l, .out = out};
    if (!l)
        return a->host->fail(err, KOPPEL_E_BUG, "there is no list \"%s\"", list);
    return each_row(a, l, add_choice, &v, err);
}

static int look_for_tenant(void *arg, const json_t *row, struct koppel_error *err)
{
    struct row_visit *v = arg;
    char id[64];
    const char *name = koppel_get_text(row, "name", "no name");
    size_t used = strlen(v->seen);
    (void)err;
    records_id(row, id, sizeof id);
    if (strcmp(id, v->a->tenant) == 0)
        snprintf(v->name, sizeof v->name, "%s", name);
    if (used < v->seen_bytes)
        snprintf(v->seen + used, v->seen_bytes - used, "%s%s %s", used ? ", " : "", id, name);
    return 0;
}

int choices_probe(struct asperion *a, struct koppel_list *facts, struct koppel_error *err)
{
    char seen[400] = "";
    const struct choice_list *l = list_named("administrations");
    struct row_visit v = {.a = a, .list = l, .seen = seen, .seen_bytes = sizeof seen};
    if (each_row(a, l, look_for_tenant, &v, err) != 0)
        return -1;
    if (!v.name[0])
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "this login has no administration %s; it has: %s", a->tenant,
                             *seen ? seen : "none");
    a->tenant_seen = false;
    if (api_know_tenant(a, err) != 0 || a->host->row(facts, "administration", a->tenant, err) != 0)
        return -1;
    return a->host->row(facts, "administration name", v.name, err);
}
