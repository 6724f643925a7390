#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

// prctl takes any number of arguments, which Swift cannot call.
static inline int admirror_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int admirror_may_be_dumped(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

// Locks that belong to an open file, so that two in one process differ. They are for programs that ask for GNU's functions.
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#endif

// A shared lock, because that needs no right to write the file.
static inline int admirror_lock(int file, long long byte, int is_set) {
  struct flock lock = {.l_type = is_set ? F_RDLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  return fcntl(file, F_OFD_SETLK, &lock);
}

// 1 when another open file has a lock there.
static inline int admirror_is_locked(int file, long long byte) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
