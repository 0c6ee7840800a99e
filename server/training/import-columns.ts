import { AUDIENCES } from '../learning/service.ts';
import type { ImportColumn } from '../platform/imports/contract.ts';

/** The columns of a list of people to enrol, under the headings that offices give them. */
export const ENROLMENT_COLUMNS: readonly ImportColumn[] = [
  {
    key: 'name',
    headings: ['姓名', '学员姓名', '参训人员', '名字'],
    required: true,
    example: '岩罕亮',
    width: 18,
  },
  {
    key: 'idNumber',
    headings: ['身份证号', '身份证号码', '身份证', '公民身份号码', '证件号码', '证件号'],
    required: false,
    example: '53310319900101001X',
    width: 24,
  },
  {
    key: 'phone',
    headings: ['手机号', '手机号码', '联系电话', '联系方式', '手机', '电话'],
    required: false,
    example: '13800000000',
    width: 16,
  },
  { key: 'county', headings: ['县市', '县(市)', '县', '县区'], required: false, example: '', width: 12 },
  {
    key: 'township',
    headings: ['乡镇', '所在乡镇', '乡镇/街道', '镇'],
    required: false,
    example: '勐戛镇',
    width: 14,
  },
  {
    key: 'village',
    headings: ['村', '行政村', '村委会', '所在村', '村/社区', '社区'],
    required: false,
    example: '三角岩村委会',
    width: 20,
  },
  {
    key: 'audience',
    headings: ['人员类别', '学员类别', '类别', '人员类型', '身份类别'],
    required: false,
    example: '农村群众',
    width: 22,
    choices: AUDIENCES,
  },
  {
    key: 'since',
    headings: ['类别起始日期', '起始日期', '认定日期', '认定时间', '纳入时间'],
    required: false,
    example: '2020年1月1日',
    width: 16,
  },
];
