/* SPDX-License-Identifier: MIT
 * Its example says something else than it does. */
#define SHOUT_EXAMPLE "{\"in\":\"hi\",\"args\":[\"?\"],\"out\":\"hi!\"}"
#include "gallery_transform.h"

SHOUT(shout);
