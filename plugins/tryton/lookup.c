/* SPDX-License-Identifier: MIT
 * Ids by code; see lookup.h. */
#include "lookup.h"

#include "wire.h"

#define KEPT_MS (10 * 60 * 1000)

struct wanted {
    const char *model, *what; /* "account.account", "ledger account" */
    const char *fact;         /* "account" */
    const char *reason;       /* where there is none */
    const char *code;         /* by which it is kept and named */
    const char *remedy;
};

/* The first that the domain (stolen) finds. */
static int first_of(struct tryton *t, const struct wanted *w, json_t *domain_take, int64_t *id,
                    struct koppel_error *err)
{
    char method[80], what[80], name[160];
    snprintf(name, sizeof name, "%s/%s", w->model, w->code);
    json_t *found = t->host->shared_get(t->ctx, name);
    if (found) {
        *id = json_integer_value(found);
        json_decref(found);
        json_decref(domain_take);
        return 0;
    }
    snprintf(method, sizeof method, "model.%s.search", w->model);
    snprintf(what, sizeof what, "look up the %s", w->what);
    const struct rpc call = {.what = what, .method = method, .one = true};
    if (rpc_call(t, &call, json_pack("[o,i,i,[[s,s]]]", domain_take, 0, 1, "id", "ASC"), &found,
                 err) != 0)
        return -1;
    *id = json_integer_value(json_array_get(found, 0));
    json_decref(found);
    if (*id > 0)
        return t->host->shared_set(t->ctx, name, json_integer((json_int_t)*id), KEPT_MS, err);
    t->host->fail(err, KOPPEL_E_REJECTED, "Tryton has no %s %s", w->what, w->code);
    t->host->fact(err, w->fact, w->code);
    t->host->fact(err, "remedy", w->remedy);
    return t->host->reason(err, w->reason);
}

int lookup_account(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err)
{
    struct wanted w = {"account.account", "ledger account", "account", "account.missing", code,
                       "make it there, or name another one in the tables of the flow"};
    if (rpc_session(t, err) != 0)
        return -1;
    return first_of(t, &w, json_pack("[[s,s,s],[s,s,I]]", "code", "=", code, "company", "=",
                                     (json_int_t)rpc_number(t, "company")),
                    id, err);
}

int lookup_country(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err)
{
    struct wanted w = {"country.country", "country", "country", "country.missing", code,
                       "load the countries there (trytond_import_countries)"};
    return first_of(t, &w, json_pack("[[s,s,s]]", "code", "=", code), id, err);
}

int lookup_currency(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err)
{
    struct wanted w = {"currency.currency", "currency", "currency", "currency.missing", code,
                       "load the currencies there (trytond_import_currencies)"};
    if (rpc_session(t, err) != 0)
        return -1;
    if (strcmp(code, wire_text(t->session, "currency_code")) == 0) {
        *id = rpc_number(t, "currency");
        return 0;
    }
    return first_of(t, &w, json_pack("[[s,s,s]]", "code", "=", code), id, err);
}

int lookup_journal(struct tryton *t, int64_t *id, struct koppel_error *err)
{
    struct wanted w = {"account.journal", "journal", "journal", "journal.missing", "of sales",
                       "make one of the type revenue there, or set journal"};
    *id = t->host->setting_int(t->ctx, "journal");
    return *id > 0 ? 0
                   : first_of(t, &w, json_pack("[[s,s,s]]", "type", "=", "revenue"), id, err);
}

int lookup_unit(struct tryton *t, int64_t *id, struct koppel_error *err)
{
    struct wanted w = {"product.uom", "unit", "unit", "unit.missing", "of one piece", "set unit"};
    *id = t->host->setting_int(t->ctx, "unit");
    return *id > 0 ? 0 : first_of(t, &w, json_pack("[[s,s,s]]", "symbol", "=", "u"), id, err);
}
