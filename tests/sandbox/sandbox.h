// SPDX-License-Identifier: MIT
// The contract between the two halves of the sandbox: the till (shop*.c, mplus*.c) and the
// books (books*.c, asperion*.c), both served by server.c from one process.
#ifndef KOPPEL_SANDBOX_H
#define KOPPEL_SANDBOX_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the command line asked for; both halves seed themselves from the same values.
struct options {
    int orders;
    int relations;
    int articles;
    int catalogue;    // articles that only the books have
    int debtors;      // of the books, beside the few that are always there
    int sales_orders; // made in the books
    int invoices, receipts, proposals;
    bool awkward; // the seeded orders carry every awkward case, many of them
    uint64_t seed;
    const char *faults;
    int latency_ms;
    int mplus_port;
    int asperion_port;
    bool tls;
    const char *tls_cert_file; // NULL without tls
    const char *tls_key_file;
};

// ---- One HTTP exchange ------------------------------------------------------------------

struct pair {
    char *name;
    char *value; // never NULL in a request; an empty query value is ""
};

struct request {
    const char *method;
    const char *path;        // without the query string, percent-decoded
    const struct pair *query; // percent-decoded
    size_t queries;
    const struct pair *headers;
    size_t header_count;
    const char *body; // never NULL, always followed by a NUL byte
    size_t body_bytes;
};

#define REPLY_HEADERS 8

struct reply {
    int status;
    const char *content_type; // a literal; NULL means none
    char *body;               // malloc'ed, freed by the server; NULL for none
    size_t bytes;
    struct pair extra[REPLY_HEADERS]; // malloc'ed names and values, freed by the server
    size_t extras;
    const char *operation; // a literal or a string owned by the state: counted in the stats
};

// Query parameter by exact name, header by name without regard to case; NULL when absent.
const char *request_query(const struct request *r, const char *name);
const char *request_header(const struct request *r, const char *name);

// The reply takes over `body` (malloc'ed), respectively copies name, value and text.
void reply_take(struct reply *r, int status, const char *content_type, char *body, size_t bytes);
void reply_text(struct reply *r, int status, const char *content_type, const char *text);
void reply_header(struct reply *r, const char *name, const char *value);
// Serialises and releases `value`.
void reply_json(struct reply *r, int status, json_t *value);

// ---- The two vendors --------------------------------------------------------------------

struct shop;  // shop.h
struct books; // books.h

// Each is called with that vendor's mutex held. The return value is 0, or -1 when memory
// ran out (the server then answers a bare 500). /_sandbox/faults, /_sandbox/stats and
// /_sandbox/reconcile never arrive here, every other /_sandbox/... path does.
int mplus_handle(struct shop *shop, const struct request *req, struct reply *reply);
int asperion_handle(struct books *books, const struct request *req, struct reply *reply);

// Whether the request would change something, and what each says when it refuses, with status 200.
bool mplus_writes(const struct request *req);
void mplus_problem(struct reply *reply, const char *text);
bool asperion_writes(const struct request *req);
void asperion_problem(struct reply *reply, const char *text);

struct shop *shop_new(const struct options *options);
void shop_free(struct shop *shop);
struct books *books_new(const struct options *options);
void books_free(struct books *books);

// ---- Comparing till and books -----------------------------------------------------------

struct book_vat {
    const char *vat_code;
    int64_t excl_cents;
    int64_t vat_cents;
};

struct book_invoice {
    const char *description;
    int64_t excl_cents;
    int64_t vat_cents;
    int64_t incl_cents;
    int n; // entries of vat: the lines' totals, one entry per VAT code
    const struct book_vat *vat;
};

// Visits every sales invoice in the books, in order of creation; a visit that returns
// nonzero ends the walk and becomes the result. Everything passed lives only that long.
int books_invoices(const struct books *books,
                   int (*visit)(void *arg, const struct book_invoice *invoice), void *arg);

// The VAT rate of a code of the books, times 100 (2100 for 21 %); -1 when there is none.
int books_vat_rate(const struct books *books, const char *vat_code);

// GET /_sandbox/reconcile; called with both mutexes held.
int reconcile(struct shop *shop, struct books *books, struct reply *reply);

// ---- Facts both halves are seeded with --------------------------------------------------

// The shared seeded generator (splitmix64): equal seeds give equal sequences.
uint64_t seed_next(uint64_t *state);

// Article numbers run from 1 to options.articles in the till; the books lack the last one.
// Relation numbers run from 1 to options.relations. This is the e-mail address relation n
// has in the till, "" for the relation without one; the return value is out.
char *shop_email(int n, char *out, size_t out_bytes);
// Numbers of special relations: without e-mail; two sharing an e-mail in different case
// (the second of the two is shared + 1); one that is a debtor in the books in other case.
#define RELATION_NO_EMAIL 5
#define RELATION_SHARED_EMAIL 7
#define RELATION_KNOWN_DEBTOR 3
// Two debtors of the books have this relation's e-mail; no seeded order is for it.
#define RELATION_AMBIGUOUS 9
// Inactive in the books; no seeded order has it.
#define ARTICLE_INACTIVE 4

#endif
