"""One case as a package for diaries and archives: data, a readable document, files, checksums."""
