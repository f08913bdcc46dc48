/* SPDX-License-Identifier: MIT
 * What is known of a source key at the destination. */
#ifndef KOPPEL_STORE_LINK_STATE_H
#define KOPPEL_STORE_LINK_STATE_H

/* The numbers are kept in stores. */
enum link_state {
    LINK_ABSENT,  /* nothing of ours is there */
    LINK_MAYBE,   /* a write was begun whose outcome nobody saw */
    LINK_THERE,   /* it stands there */
};
const char *link_state_name(enum link_state state); /* "absent", "maybe", "there" */

#endif
