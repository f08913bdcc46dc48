/* SPDX-License-Identifier: MIT
 * The table of entities, and reading them; see entities.h. */
#include "entities.h"

#include <inttypes.h>
#include <stddef.h>

#include "records.h"

static const struct entity entities[] = {
    {.name = "debtor", .read_what = "debtors", .find_what = "find debtor",
     .create_what = "create debtor", .update_what = "update debtor", .changed = "dateLastChange",
     .added = "dateAdded", .own_keys = {"customerNumber", "emailAddress"}},
    {.name = "article", .read_what = "articles", .find_what = "find article",
     .create_what = "create article", .update_what = "update article",
     .own_keys = {"articleNumber", NULL}, .active_state = true, .article = true},
    {.name = "stock", .read_what = "stock", .find_what = "find stock", .active_state = true,
     .stock = true},
    {.name = "sales-invoice", .read_what = "sales invoices", .find_what = "find sales invoice",
     .create_what = "create sales invoice", .update_what = "update sales invoice",
     .own_keys = {"description", "invoiceNumber"}, .periods = true},
    {.name = "sales-order", .read_what = "sales orders", .find_what = "find sales order",
     .create_what = "create sales order", .update_what = "update sales order",
     .own_keys = {"reference", NULL}, .package = "inTrade", .parties = true},
    {.name = "financial-mutation", .find_what = "find financial mutation",
     .create_what = "create financial mutation", .own_keys = {"sourceDocumentNumber", NULL},
     .periods = true, .journal = true},
    {.name = "journal-entry", .find_what = "find journal entry",
     .create_what = "create journal entry", .own_keys = {"sourceDocumentNumber", NULL},
     .periods = true, .journal = true},
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

int entities_use(struct asperion *a, const char *name, struct entity_use *out,
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

struct api_request entities_request(const struct entity_use *u, const char *what)
{
    return (struct api_request){.what = what, .path = u->path, .package = u->kind->package,
                                .entity = u->kind->name,
                                .setting = *u->setting ? u->setting : NULL};
}

/* The cursor is "page/rows per page"; with another page size the pages are others. */
static int64_t cursor_page(const struct asperion *a, const char *cursor)
{
    int64_t page = 1, size = 0;
    if (!cursor || sscanf(cursor, "%" SCNd64 "/%" SCNd64, &page, &size) != 2 || page < 1 ||
        size != a->page_size)
        return 1;
    return page;
}

static bool is_on(const json_t *options, const char *name)
{
    return koppel_get_bool(options, name, 0) ||
           strcmp(koppel_get_text(options, name, ""), "true") == 0;
}

/* An article would seem to change with every sale: its stock is an entity of its own. */
static void drop_stock(json_t *record)
{
    static const char *const figures[] = {"currentStock", "reserved", "backOrder", "onOrder",
                                          "locations"};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        json_object_del(record, figures[i]);
}

static int emit_row(struct asperion *a, const struct entity_use *u, const json_t *options,
                    const json_t *row, struct koppel_batch *out, struct koppel_error *err)
{
    char id[ID_BYTES];
    int64_t version = 0;
    const struct entity *kind = u->kind;
    records_id(row, id, sizeof id);
    if (!*id)
        return a->host->fail(err, KOPPEL_E_RETRY, "%s: a row has no id", kind->read_what);
    if (kind->changed)
        version = records_time(json_string_value(json_object_get(row, kind->changed)));
    if (!version && kind->added)
        version = records_time(json_string_value(json_object_get(row, kind->added)));
    json_t *record = records_read(u->fields, row);
    if (!record)
        return api_no_memory(a, err);
    if (kind->article)
        drop_stock(record);
    if (kind->stock && !is_on(options, "locations"))
        json_object_del(record, "locations");
    if (kind->parties && orders_add_parties(a, record, err) != 0) {
        json_decref(record);
        return -1;
    }
    return a->host->emit(out, id, version, record, err);
}

static int emit_rows(struct asperion *a, const struct entity_use *u, const json_t *options,
                     json_t *rows, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *row;
    size_t i;
    int rc = u->kind->parties ? orders_begin_page(a, err) : 0;
    json_array_foreach(rows, i, row) {
        if (rc == 0)
            rc = emit_row(a, u, options, row, out, err);
    }
    return rc;
}

int entities_read(struct asperion *a, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    struct entity_use u;
    json_t *rows;
    int more;
    char cursor[64];
    if (entities_use(a, request->entity, &u, err) != 0)
        return -1;
    if (!u.kind->read_what)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: is not read", u.kind->name);
    struct api_request r = entities_request(&u, u.kind->read_what);
    bool numbered = request->struct_size >= offsetof(struct koppel_read_request, page) +
                                                sizeof request->page && request->page > 0;
    int64_t page = numbered ? request->page : cursor_page(a, request->cursor);
    if (u.kind->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    if (api_page(a, &r, page, &rows, &more, err) != 0)
        return -1;
    int rc = emit_rows(a, &u, request->options, rows, out, err);
    if (json_array_size(rows) == 0)
        more = 0;
    json_decref(rows);
    if (rc != 0)
        return -1;
    /* No filter on changes is known, so after the last page everything is read again. */
    snprintf(cursor, sizeof cursor, "%" PRId64 "/%" PRId64, more ? page + 1 : 1, a->page_size);
    return a->host->batch_end(out, cursor, more, err);
}
