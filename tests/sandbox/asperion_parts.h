// SPDX-License-Identifier: MIT
// What the files of the books' API share: asperion.c (routes), asperion_resources.c (what there
// is), asperion_list.c, asperion_check.c and one file per kind of record that can be written,
// asperion_swagger.c (the published description), asperion_bend.c (bending it), asperion_state.c,
// asperion_orders_own.c and asperion_totals.c (the paths under /_sandbox/), identity.c (logging
// in).
#ifndef KOPPEL_SANDBOX_ASPERION_PARTS_H
#define KOPPEL_SANDBOX_ASPERION_PARTS_H

#include "books.h"

// ---- What there is --------------------------------------------------------------------------

enum kind { KIND_TEXT, KIND_LONG_TEXT, KIND_INTEGER, KIND_MONEY, KIND_DECIMAL, KIND_BOOLEAN,
            KIND_TIME, KIND_COLLECTION };

#define MEMBER_REQUIRED 1u
#define MEMBER_NULLABLE 2u
#define MEMBER_READ_ONLY 4u

#define TEXT_MAX 255       // bytes
#define LONG_TEXT_MAX 4000

struct member {
    const char *name; // NULL ends a list of them
    enum kind kind;
    unsigned flags;
    const struct member *rows; // of a collection
    const char *row_schema;    // its name in the description
};

enum filter_kind { FILTER_TEXT, FILTER_NUMBER, FILTER_DATE };

struct filter {
    const char *name; // query parameter, in any case; NULL ends a list of them
    enum filter_kind kind;
    const char *field; // of the row; NULL: as the name
};

enum operation { OP_LIST, OP_GET, OP_CREATE, OP_UPDATE, OP_VALIDATE, OPERATIONS };

#define CAN_GET 1u
#define CAN_POST 2u
#define CAN_PUT 4u
#define CAN_ALL (CAN_GET | CAN_POST | CAN_PUT)

struct call;

struct resource {
    const char *path;   // under /v1/, in any case
    const char *alias;  // NULL: none
    const char *shown;  // in the description; NULL: as the path
    const char *schema; // its name in the description
    const struct member *members;
    const struct filter *filters;
    const char *required_filter; // a list without it is refused
    const char *left_out;        // a member that this resource does not show
    const char *operations[OPERATIONS]; // for the stats
    int lookup, rows;                   // one of them is set, the other -1
    unsigned can;
    bool in_trade; // only with that pack
    int (*write)(const struct call *c, int64_t row); // row -1: POST
};

enum { R_ADMINISTRATIONS, R_ROUTES, R_JOURNALS, R_LEDGER, R_VAT, R_CONDITIONS, R_COST_CENTERS,
       R_COST_UNITS, R_SALES_TYPES, R_DEBTOR_KINDS, R_PAYMENT_METHODS, R_DEBTORS, R_ARTICLES,
       R_INVOICES, R_INVOICES_WITH_LINES, R_ORDERS, R_JOURNAL_ENTRIES, R_COUNT };

extern const struct resource resources[R_COUNT];
extern const struct member debtor_members[], article_members[], invoice_members[],
    invoice_line_members[], order_members[], order_line_members[], entry_members[],
    entry_line_members[];

const struct member *member_named(const struct member *members, const char *name, size_t bytes);
// The resource whose path or alias this is; NULL when there is none.
const struct resource *resource_named(const char *path, size_t bytes);

// ---- One call, past the login ------------------------------------------------------------------

struct call {
    struct books *books;
    struct tenant *tenant;
    const struct request *req;
    struct reply *reply;
    const struct resource *resource;
    bool dutch; // language of error texts
};

// Query parameter without regard to case, as the real service binds them.
const char *call_query(const struct request *req, const char *name);
// Serialises with numbers as they were given (15 digits); releases value.
int answer_json(struct reply *reply, int status, json_t *value);
int answer_text(struct reply *reply, int status, struct out *text);
int answer_problem(const struct request *req, struct reply *reply, int status, const char *en,
                   const char *nl, json_t *errors_take);
// A problem without more to say than which one it is.
int answer_missing(const struct request *req, struct reply *reply);
// Answers with one record: releases value.
int answer_record(const struct call *c, int status, json_t *value);
void call_base_url(const struct books *b, const struct request *req, char *out, size_t bytes);

int list(const struct call *c);

// POST /v1/salesinvoiceswithlines/{id}/file (asperion_files.c): the row of the invoice.
int file_add(const struct call *c, int64_t row);
// GET /_sandbox/files: {"files": [...]}, each with the id of its invoice.
int files_show(const struct books *b, struct reply *reply);

// ---- Bent names (asperion_bend.c) and the description ------------------------------------------

// What was asked for ("remove", "require", "rename", "type") of a member, of a verb (":post") or of
// the resource as a whole (""); NULL for nothing.
const json_t *bend_of(const struct books *b, const char *what, const struct resource *r,
                      const char *name);
// What the wire calls a member of the resource, "lines.price" for one inside a collection.
const char *wire_name(const struct books *b, const struct resource *r, const char *name);
bool wire_bent(const struct books *b, const struct resource *r);
// Gives the members of a record the names that the wire has for them.
void wire_give(const struct books *b, const struct resource *r, json_t *record);
int swagger_show(struct books *b, const struct request *req, struct reply *reply);
int swagger_bend(struct books *b, const struct request *req, struct reply *reply);

// ---- Checking what is written ---------------------------------------------------------------

struct checks {
    const struct call *call;
    json_t *errors;
};

// `field` is a member's own name, shown as the wire calls it; raw: the name as it came.
void mistake(struct checks *k, const char *field, const char *en, const char *nl);
void mistake_raw(struct checks *k, const char *field, const char *en, const char *nl);
// Gives the members of a record that came in their own names back; a name bent away is a mistake.
void wire_take(struct checks *k, json_t *record);
// Every member known, writable and of its type, and the required ones there. prefix names the
// place.
void check_members(struct checks *k, json_t *body, const struct member *members,
                   const char *prefix);
// What the field refers to must exist and not be disabled.
void check_lookup(struct checks *k, const json_t *body, const char *field, enum lookup which,
                  const char *prefix, bool zero_is_none);
void check_customer(struct checks *k, const json_t *body);
// Where references are unique, no other record of the kind may have this one's.
void check_unique(struct checks *k, int rows, const char *member, const json_t *body, int64_t row);
// Book year and period against the date, and the period not closed.
void check_period(struct checks *k, const json_t *body);
// The VAT code of a line: exists, is for sales, and holds on the date. NULL: a mistake was noted.
const json_t *check_vat_code(struct checks *k, const char *code, const char *date,
                             const char *prefix);
bool time_valid(const char *text);
const char *text_of(const json_t *body, const char *name); // "" where absent
json_int_t integer_of(const json_t *body, const char *name); // 0 where absent
json_t *lines_of(const json_t *body);
json_t *time_now(void);

// Starts a write: reads the body and, for a change, lays it over the record that is there. False
// when the reply was filled. body and whole are released by write_end.
struct write {
    struct checks checks;
    int64_t row; // -1: a new record
    json_t *body, *whole;
    bool only; // validateOnly
};

bool write_begin(struct write *w, const struct call *c, int64_t row);
// True where mistakes were noted: the reply says them.
bool write_refused(struct write *w);
// Answers with the record (released) and ends the write.
int write_done(struct write *w, json_t *value);
void write_end(struct write *w);

void check_debtor(struct checks *k, json_t *body, int64_t row);
void check_article(struct checks *k, json_t *body, int64_t row);
// Stores what was checked; the row it has become, -1 when memory ran out.
int64_t debtor_store(struct tenant *t, const json_t *given, int64_t row);
int64_t article_store(struct tenant *t, const json_t *given, int64_t row);
int write_debtor(const struct call *c, int64_t row);
int write_article(const struct call *c, int64_t row);
int write_invoice(const struct call *c, int64_t row);
int write_order(const struct call *c, int64_t row);
int write_entry(const struct call *c, int64_t row);

// The members that a record has, the given ones and null or false for the others; so for the rows
// of a collection, which are replaced in what was given.
json_t *whole_record(const struct member *members, const json_t *given);
// Numbers the lines and wraps them up; the rest of a document's answer.
void number_lines(json_t *document, json_int_t id);

// ---- Sales orders ---------------------------------------------------------------------------

void check_order(struct checks *k, json_t *body);
// The record of an order: what its lines leave open filled in, and what it adds up to.
json_t *whole_order(const struct tenant *t, const json_t *body, int status, json_int_t id,
                    struct sums *sums);
// Reserves (1) or frees (-1) what the order asks of the default location.
void order_reserve(struct tenant *t, const json_t *order, int sign);
int order_store_take(struct tenant *t, json_t *order, struct sums *sums);
// Puts another order in the place of this one; what it reserved is freed. Takes both over.
int order_change_take(struct tenant *t, size_t row, json_t *order, struct sums *sums);
int order_set_status(struct tenant *t, size_t row, int status);

// ---- Under /_sandbox/ -----------------------------------------------------------------------

int sandbox_path(struct books *b, const struct request *req, struct reply *reply);
int totals_show(struct books *b, struct reply *reply);
// An order of the shop's own, or a change of one (row -1: a new one): a body that may say "debtor",
// article numbers, decimals as text and lines without the wrapping. Fills c->reply.
int own_order(const struct call *c, json_t *body, int64_t row);
// Decimals given as text become the numbers that a record has.
void numbers_from_text(json_t *record, const struct member *members);
// The record without what cannot be written, to be checked again with a change laid over it.
void leave_writable(json_t *record, const struct member *members);

// ---- Logging in -------------------------------------------------------------------------------

// The paths of the identity server; 1 when the path is not its own.
int identity_handle(struct books *b, const struct request *req, struct reply *reply);
// True where the request carries a good token, else the reply is filled.
bool identity_check(struct books *b, const struct request *req, struct reply *reply);

#endif
