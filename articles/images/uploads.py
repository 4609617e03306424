"""What happens to a file while it is still arriving."""

from django.core.files.uploadhandler import FileUploadHandler

from articles.images.check import MAX_BYTES


class CutLargeFiles(FileUploadHandler):
    """
    Stands before the handlers that keep an upload and passes them one byte more than is allowed, so that a file of
    any size costs neither memory nor disk and is then refused with the sentence about its size.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.passed = 0

    def receive_data_chunk(self, raw_data, start):
        piece = raw_data[: MAX_BYTES + 1 - self.passed]
        self.passed += len(piece)
        return piece or None

    def file_complete(self, file_size):
        """Nothing: the file belongs to the handlers behind this one."""
