// SPDX-License-Identifier: MIT
// Answers that are not as they should be: a rule of fault.h says what is changed in which records.
#ifndef KOPPEL_SANDBOX_BEND_H
#define KOPPEL_SANDBOX_BEND_H

#include "sandbox.h"

// Changes a reply's body by the rule's members:
//   of      element that a record is in SOAP; a list's rows in JSON need none
//   row     only the n-th record, from 1; where {"member": text}: only records that have this
//   member  of the record, wherever it stands inside; with one of
//   remove, null: true; rename: "name"; value: any (text in SOAP); raw: the bytes that stand there
//   keep    only the first n records
//   total   what the list says it holds (JSON)
// A reply that has none of it stays as it is. 0, or -1 without memory.
int bend_reply(struct reply *reply, const json_t *rule);

#endif
