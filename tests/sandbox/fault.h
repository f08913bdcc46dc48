// SPDX-License-Identifier: MIT
// Trouble on order: which requests go wrong, how often and how. One list of rules per port, which
// a short script (a sequence, on the command line or POST /_sandbox/faults) or JSON
// (POST /_sandbox/trouble) adds to.
#ifndef KOPPEL_SANDBOX_FAULT_H
#define KOPPEL_SANDBOX_FAULT_H

#include "sandbox.h"

enum fault_kind {
    FAULT_NONE,     // passes; in a script it lets requests by
    FAULT_STATUS,   // answered with a status and a page
    FAULT_PROBLEM,  // answered with 200 and what the vendor says when it refuses
    FAULT_TRUNCATE, // half of the answer
    FAULT_HANG,     // no answer and no end
    FAULT_LOSE,     // the connection ends instead of an answer
    FAULT_GARBAGE,
    FAULT_HUGE,
    FAULT_WAIT, // the answer is held for a while
    FAULT_BEND  // the answer is changed (bend.h)
};

// What goes wrong with one request.
struct fault {
    enum fault_kind kind;
    int status;     // of FAULT_STATUS
    bool apply;     // the request does its work before it goes wrong
    long before_ms; // is waited before it does its work: it is applied late
    long after_ms;  // and after that
    json_t *rule;   // a reference of the caller's; NULL for a rule of a script
};

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *f);

// Appends a comma list of NAME[xN][@MATCH]: the first of the list that is not used up yet decides,
// and it waits for a request that matches. False when it does not parse, and then nothing was
// appended.
bool faults_script(struct faults *f, const char *script);

// Takes {"seed": n, "rules": [...]} in the place of all rules, those of scripts too; an empty list
// ends them. What is wrong goes to `why` (the rule's own words); NULL when it was taken.
const char *faults_order(struct faults *f, const json_t *order);

// What goes wrong with this request; `writes`: it would change something. fault_done gives it back.
struct fault faults_next(struct faults *f, const struct request *req, bool writes);
void fault_done(struct fault *f);

uint64_t faults_count(struct faults *f); // so many requests went wrong
json_t *faults_show(struct faults *f);   // the JSON rules, with "met" and "hit"

#endif
