// SPDX-License-Identifier: MIT
// What asperion.c (routes, lists), asperion_write.c (checks and stores what is posted) and
// identity.c (logging in) share.
#ifndef KOPPEL_SANDBOX_ASPERION_PARTS_H
#define KOPPEL_SANDBOX_ASPERION_PARTS_H

#include "books.h"

// One API call, past the login.
struct call {
    struct books *books;
    struct tenant *tenant;
    const struct request *req;
    struct reply *reply;
    bool dutch; // language of error texts
};

// Query parameter without regard to case, as the real service binds them.
const char *call_query(const struct request *req, const char *name);
// Serialises with numbers as they were given (15 digits); releases value.
int answer_json(struct reply *reply, int status, json_t *value);
int answer_problem(const struct request *req, struct reply *reply, int status, const char *en,
                   const char *nl, json_t *errors_take);
// Adds the single-resource _meta to a new reference of a row.
json_t *call_resource(const struct call *c, json_t *row_take, const char *resource);
void call_base_url(const struct books *b, const struct request *req, char *out, size_t bytes);

int write_debtor(const struct call *c, json_int_t id);  // id 0: POST
int write_article(const struct call *c, json_int_t id);
int write_invoice(const struct call *c);

// The paths of the identity server; 1 when the path is not its own.
int identity_handle(struct books *b, const struct request *req, struct reply *reply);
// True where the request carries a good token, else the reply is filled.
bool identity_check(struct books *b, const struct request *req, struct reply *reply);

#endif
