;; Straight code, but a lot of work: bulk operations pay by their length.
(module
  (memory 256)
  (func (export "_start")
    (loop
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 16777216))
      (memory.copy (i32.const 0) (i32.const 8) (i32.const 16777208))
      (br 0))))
