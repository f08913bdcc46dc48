/* SPDX-License-Identifier: MIT
 * A day of a till as one balanced entry. */
#include "behaviour/behaviour_ledger.h"

const struct behaviour behaviour_ledger = {
    .model = "ledger", .document = true, .complete = subject_complete, .nothing = subject_nothing};
