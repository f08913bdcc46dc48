// SPDX-License-Identifier: MIT
// What the files that serve the till's SOAP operations share.
#ifndef KOPPEL_SANDBOX_MPLUS_PARTS_H
#define KOPPEL_SANDBOX_MPLUS_PARTS_H

#include "shop.h"

struct call {
    struct shop *shop;
    const struct node *in; // the operation element, already checked against the schema
    struct xml *out;
    const char *response;   // the name of the answer element
    const char *fault_code; // set to answer a fault instead
    bool no_orders;         // receipts do not say which orders they belong to
    char why[SOAP_FAULT_BYTES];
};

// One line of the dispatch table.
struct served {
    const char *name;
    void (*run)(struct call *);
};
extern const struct served mplus_orders[], mplus_states[], mplus_documents[], mplus_finance[],
    mplus_proposals[], mplus_relations[], mplus_products[], mplus_groups[], mplus_stock[],
    mplus_choices[], mplus_custom[];

// Answers a fault instead of whatever was written so far.
void fault(struct call *c, const char *code, const char *why);
// Starts and ends the answer; `result` (NULL: none) is written as its first member, behind what
// the results of this operation begin with.
void answer_open(struct call *c, const char *prefix, const char *result);
void answer_close(struct call *c);

#define DEFAULT_LIMIT 1000
int64_t limit_of(const struct node *request);
// Whether the repeated plain field `name` is absent or holds this value.
bool wanted(const struct node *request, const char *name, int64_t value);
// yyyymmdd of a SoapMplusDate, 0 when absent or "no date"; false when there is no such day.
bool read_date(const struct node *n, int32_t *out);
void write_date(struct xml *x, const char *name, int32_t date);
// A local time on that day, made up from n.
void write_time(struct xml *x, const char *name, int32_t date, int64_t n);
// Whether the period of the request, if it has one, has this day.
bool date_wanted(const struct node *request, int32_t date);

// Keeps what the client wrote in this field, of however many elements; -1 without memory.
int value_store(char **slot, const struct node *in, const struct field *f);
// Writes a field that value_store kept.
void value_write(struct xml *x, const struct field *f, const char *value);

// What is wrong with the customFieldList of a card (of: "relation", "article"); NULL: nothing.
const char *custom_wrong(const char *of, const struct node *list);

// Documents (mplus_doc.c, mplus_line.c).
void doc_write(struct call *c, enum doc_kind kind, size_t index, bool details);
bool doc_field_kept(const struct shop *s, enum doc_kind kind, int position);
void lines_write(struct call *c, const struct doc *d);
void pays_write(struct xml *x, const struct doc *d);
// One page of documents, picked by marker and the request's filters, as <list> of <one>.
void docs_answer(struct call *c, enum doc_kind kind, const char *list);
void docs_by_order(struct call *c, enum doc_kind kind, const char *list, int64_t order);

// A document that a client sends, taken over into `d` (mplus_take.c). Its texts point into the
// shop; lines and value are the caller's to free. What is wrong goes to `why`.
bool take_doc(struct call *c, enum doc_kind kind, const struct node *in, struct doc *d,
              const char **why);
bool take_lines(struct shop *s, const struct node *list, struct doc *d, const struct doc *old,
                const char **why);
bool take_pays(struct shop *s, const struct node *list, int32_t date, struct pay **pays,
               size_t *count, const char **why);
int take_values(struct call *c, enum doc_kind kind, const struct node *in, struct doc *d);

// What a client does to an order, and a test too (mplus_state.c). Results are what the
// interface's words end with.
const char *order_cancel(struct shop *s, size_t order, bool undo);
const char *order_pay(struct shop *s, size_t order, bool prepay, const struct pay *pays, size_t n,
                      const char **why);
// Makes the lines of another document those of the order; false when that cannot be.
bool order_relines(struct shop *s, size_t order, struct doc *with, const char **why);

// Articles (mplus_products.c, mplus_save.c): the members that the till has a place for. What
// else a client writes is kept as it is.
enum article_code {
    ARTICLE_OTHER, ARTICLE_NUMBER, ARTICLE_PLU, ARTICLE_MARKER, ARTICLE_ACTIVE, ARTICLE_NAME,
    ARTICLE_COLOUR, ARTICLE_SIZE, ARTICLE_GROUP, ARTICLE_VAT, ARTICLE_RATE, ARTICLE_PURCHASE,
    ARTICLE_INCL, ARTICLE_EXCL, ARTICLE_WEBSHOP, ARTICLE_STOCK, ARTICLE_AVERAGE, ARTICLE_CODES
};
// Takes over what the message says of an article, and leaves the rest.
int till_article_store(struct shop *s, struct article *a, const struct node *in);
void create_product(struct call *c);
void update_product(struct call *c);

// Answers what `run` writes, and keeps it: the same idempotency key is answered with it again, and
// does nothing (mplus_orders.c).
void answer_once(struct call *c, const struct node *request,
                 void (*run)(struct call *c, const struct node *request));

// /_sandbox (mplus_control.c, mplus_show.c, mplus_totals.c).
int sandbox_handle(struct shop *s, const struct request *req, struct reply *reply);
json_t *show_cents(int64_t amount);
json_t *show_amount(int64_t units, int places);
json_t *show_doc(const struct shop *s, enum doc_kind kind, size_t index, bool full);
bool sandbox_show(struct shop *s, const char *what, const struct request *req,
                  struct reply *reply);
json_t *show_totals(struct shop *s);
json_t *show_article(const struct shop *s, const struct article *a);
json_t *show_day(const struct shop *s, const struct day *d);

// Sums over documents (mplus_finance.c), for the journals, cash counts and totals. The groups
// add up lines, the VAT is that of the documents: the two may differ by cents.
struct group_sum {
    int group, vat_code, rate;
    int64_t excl, vat;
    int64_t quantity; // in millionths
};

struct day_sum {
    int64_t excl, incl;
    int64_t pays[PAYMENTS];
    struct vat_group vat[VAT_CODES];
    struct group_sum groups[64];
    int group_count;
    uint32_t first, last; // documents, position + 1
    int count;
};

void day_add(struct day_sum *sum, const struct doc *d);
// Adds the documents of a kind in a period; branch 0: of all, own: those that belong to no order.
void day_sum(const struct shop *s, enum doc_kind kind, int branch, int32_t from, int32_t through,
             bool own, struct day_sum *sum);

#endif
