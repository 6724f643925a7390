#include <sys/prctl.h>

// prctl takes any number of arguments, which Swift cannot call.
static inline int admirror_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int admirror_may_be_dumped(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
