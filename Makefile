# The same verbs as run.py, for those who have make.
.PHONY: demo test lock
demo test lock:
	python3 run.py $@
