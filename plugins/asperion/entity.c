/* SPDX-License-Identifier: MIT
 * The table of entities; see entity.h. */
#include "entity.h"

#include "debtor.h"
#include "journal.h"
#include "records.h"

static const struct entity entities[] = {
    {.name = "debtor", .read_what = "debtors", .find_what = "find debtor",
     .create_what = "create debtor", .update_what = "update debtor", .changed = "dateLastChange",
     .added = "dateAdded", .own_keys = {"customerNumber", "emailAddress"}, .debtor = true},
    {.name = "article", .read_what = "articles", .find_what = "find article",
     .create_what = "create article", .update_what = "update article",
     .own_keys = {"articleNumber", NULL}, .active_state = true, .article = true},
    {.name = "stock", .read_what = "stock", .find_what = "find stock", .active_state = true,
     .stock = true},
    {.name = "sales-invoice", .read_what = "sales invoices", .find_what = "find sales invoice",
     .create_what = "create sales invoice", .update_what = "update sales invoice",
     .own_keys = {"description", "invoiceNumber"}, .journal_setting = "sales_journal",
     .periods = true},
    {.name = "sales-order", .read_what = "sales orders", .find_what = "find sales order",
     .create_what = "create sales order", .update_what = "update sales order",
     .own_keys = {"reference", NULL}, .package = "inTrade", .parties = true},
    {.name = "financial-mutation", .find_what = "find financial mutation",
     .create_what = "create financial mutation", .own_keys = {"sourceDocumentNumber", NULL},
     .journal_setting = "general_journal", .periods = true, .journal = true},
    {.name = "journal-entry", .find_what = "find journal entry",
     .create_what = "create journal entry", .own_keys = {"sourceDocumentNumber", NULL},
     .journal_setting = "general_journal", .periods = true, .journal = true},
};

/* "{name}" stands for that setting; slashes around a path never count. */
static int fill_path(struct asperion *a, struct entity_use *u, struct koppel_error *err)
{
    const char *path = koppel_get_text(u->entry, "path", "");
    size_t n = strlen(path);
    if (n > 2 && n - 2 < sizeof u->setting && path[0] == '{' && path[n - 1] == '}') {
        snprintf(u->setting, sizeof u->setting, "%.*s", (int)(n - 2), path + 1);
        path = a->host->setting(a->ctx, u->setting);
        path = path ? path : "";
    }
    path += strspn(path, "/");
    n = strlen(path);
    while (n > 0 && path[n - 1] == '/')
        n--;
    if (n == 0 || n >= sizeof u->path)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: its path is %s: correct %s", u->kind->name,
                             n ? "too long" : "empty",
                             *u->setting ? u->setting : "\"path\" in the overlay of the catalogue");
    memcpy(u->path, path, n);
    u->path[n] = '\0';
    return 0;
}

int entity_use(struct asperion *a, const char *name, struct entity_use *out,
               struct koppel_error *err)
{
    memset(out, 0, sizeof *out);
    out->entry = records_entity(a, name);
    out->fields = json_object_get(out->entry, "fields");
    for (size_t i = 0; out->fields && i < sizeof entities / sizeof entities[0]; i++) {
        if (strcmp(entities[i].name, name) == 0)
            out->kind = &entities[i];
    }
    if (!out->kind)
        return a->host->fail(err, KOPPEL_E_BUG, "there is no entity \"%s\"", name);
    return fill_path(a, out, err);
}

struct api_request entity_request(const struct entity_use *u, const char *what)
{
    return (struct api_request){.what = what, .path = u->path, .package = u->kind->package,
                                .entity = u->kind->name, .one = u->one,
                                .setting = *u->setting ? u->setting : NULL};
}

json_t *entity_record(struct asperion *a, const struct entity_use *u, const json_t *row,
                      char place[ANSWER_PLACE_BYTES])
{
    json_t *record = records_read(u->fields, row, place);
    if (record && u->kind->journal)
        journal_tidy(record);
    if (record && u->kind->debtor)
        debtor_shape(a, record);
    return record;
}

int entity_unreadable(struct asperion *a, const char *what, const char *place,
                      struct koppel_error *err)
{
    if (!*place)
        return api_no_memory(a, err);
    a->host->fail(err, KOPPEL_E_REJECTED, "%s: a row of Asperion cannot be read: %s", what, place);
    return a->host->reason(err, "record.unreadable");
}
