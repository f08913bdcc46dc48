/* SPDX-License-Identifier: MIT
 * What is known of a source key at the destination, as a word. */
#include "store/link_state.h"

const char *link_state_name(enum link_state state)
{
    switch (state) {
    case LINK_ABSENT:
        return "absent";
    case LINK_MAYBE:
        return "maybe";
    case LINK_THERE:
        return "there";
    }
    return "unknown";
}
