/* SPDX-License-Identifier: MIT
 * Quotes: like a sales document they are nothing without lines. */
#include "behaviour/behaviour_quote.h"

const struct behaviour behaviour_quote = {
    .model = "quote", .document = true, .complete = subject_complete, .nothing = subject_no_lines};
