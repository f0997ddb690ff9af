"""`message_queue` on AWS: an Amazon MQ broker, or an SQS queue."""
